#!/bin/sh
# AWS CLI against a world of its own: no account, no keys, and a clock in the script's hand.
# Needs `aws`, `curl`, and `pytest-cloudcontrol` of the extra `server`.
set -eu

folder=$(mktemp -d)
pytest-cloudcontrol serve >"$folder/url" &
server=$!
trap 'kill $server; wait $server; rm -r "$folder"' EXIT
while ! [ -s "$folder/url" ]; do
    kill -0 $server # which ends the script if the server couldn't start
    sleep 0.05
done

AWS_ENDPOINT_URL_CLOUDCONTROL=$(head -n 1 "$folder/url")
export AWS_ENDPOINT_URL_CLOUDCONTROL
export AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=mocked AWS_SECRET_ACCESS_KEY=mocked

control() { # METHOD PATH [JSON]
    curl --silent --show-error --fail --output /dev/null --request "$1" --header 'Content-Type: application/json' \
        --data "${3-}" "$AWS_ENDPOINT_URL_CLOUDCONTROL/_cloudcontrol/$2"
}

create() { # NAME
    aws cloudcontrol create-resource --type-name AWS::Logs::LogGroup --desired-state "{\"LogGroupName\": \"$1\"}" \
        --query ProgressEvent.RequestToken --output text
}

status() { # TOKEN
    aws cloudcontrol get-resource-request-status --request-token "$1" \
        --query ProgressEvent.OperationStatus --output text
}

echo "== A request is made, and a minute passes"
token=$(create orders)
control POST clock/advance '{"seconds": 60}'
aws cloudcontrol wait resource-request-success --request-token "$token"
status "$token"

echo "== Another one is cancelled half done, and nothing is rolled back"
control PATCH clock '{"rate": 0}'
token=$(create audit)
control POST "requests/$token/step"
aws cloudcontrol cancel-resource-request --request-token "$token" --query ProgressEvent.OperationStatus --output text
aws cloudcontrol list-resources --type-name AWS::Logs::LogGroup --query 'ResourceDescriptions[].Identifier' --output text

echo "== After seven days nobody knows of them"
control POST clock/advance '{"seconds": 604800}'
aws cloudcontrol list-resource-requests --query 'length(ResourceRequestStatusSummaries)'
