// Makes log groups, and gives them a retention. This is the code under test; it knows nothing of a mock.
import { CloudControl, waitUntilResourceRequestSuccess } from "@aws-sdk/client-cloudcontrol";

const TypeName = "AWS::Logs::LogGroup";
const client = new CloudControl();

/** Ask for a log group, and return the request token. */
export async function startLogGroup(name, days) {
  const DesiredState = JSON.stringify({ LogGroupName: name, RetentionInDays: days });
  const { ProgressEvent } = await client.createResource({ TypeName, DesiredState });
  return ProgressEvent.RequestToken;
}

/** Wait until a request has succeeded, or throw. */
export async function finished(RequestToken) {
  await waitUntilResourceRequestSuccess({ client, maxWaitTime: 600, minDelay: 0.1, maxDelay: 5 }, { RequestToken });
}

/** Give up a request; whatever has been made stays. */
export async function abandon(RequestToken) {
  await client.cancelResourceRequest({ RequestToken });
}

/** Return what has become of a request; null if AWS has forgotten it. */
export async function statusOf(RequestToken) {
  try {
    return (await client.getResourceRequestStatus({ RequestToken })).ProgressEvent.OperationStatus;
  } catch (error) {
    if (error.name === "RequestTokenNotFoundException") return null;
    throw error;
  }
}
