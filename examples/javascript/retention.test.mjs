// Runs by itself: `npm install && node --test`, with pytest-cloudcontrol on the path. It starts a server of its own,
// and holds its clock and its requests by the control API.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, test } from "node:test";

let server, url, retention;

before(async () => {
  // At rate 0 only the test moves time, and code that polls.
  server = spawn("pytest-cloudcontrol", ["serve", "--rate", "0", "--auto-advance"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(server.stdout, "data");
  url = String(line).split("\n")[0].trim();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDCONTROL: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "mocked",
    AWS_SECRET_ACCESS_KEY: "mocked",
  });
  retention = await import("./retention.mjs"); // which makes its client at once, so the environment comes first
});

after(async () => {
  server.kill("SIGTERM");
  await once(server, "exit");
});

beforeEach(() => control("POST", "reset"));

/** Call the control API. */
async function control(method, path, body) {
  const answer = await fetch(`${url}/_cloudcontrol/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.status === 204 ? undefined : answer.json();
}

test("it waits until the log group is there", async () => {
  await retention.finished(await retention.startLogGroup("orders", 7));

  const { resources } = await control("GET", "resources");
  assert.deepEqual(
    resources.map(({ identifier, properties }) => [identifier, properties.RetentionInDays]),
    [["orders", 7]],
  );
});

test("it makes the log group one handler call at a time", async () => {
  await control("POST", "plans", { type_name: "AWS::Logs::LogGroup", steps: 3 });
  const token = await retention.startLogGroup("orders", 7);

  const states = [];
  for (let step = 0; step < 3; step++) states.push((await control("POST", `requests/${token}/step`)).status);

  assert.deepEqual(states, ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS"]);
});

test("what is abandoned half done stays half done", async () => {
  const token = await retention.startLogGroup("orders", 7);
  await control("POST", `requests/${token}/step`);

  await retention.abandon(token);

  const { resources } = await control("GET", "resources");
  assert.equal(await retention.statusOf(token), "CANCEL_COMPLETE");
  assert.deepEqual(
    resources.map(({ identifier }) => identifier),
    ["orders"],
  );
});

test("a request that fails is thrown", async () => {
  await control("POST", "failures", { error_code: "ServiceLimitExceeded" });
  const token = await retention.startLogGroup("orders", 7);

  await assert.rejects(retention.finished(token), /ServiceLimitExceeded/);
});

test("after seven days AWS has forgotten the request", async () => {
  const token = await retention.startLogGroup("orders", 7);
  await control("POST", "clock/advance", { seconds: 7 * 24 * 60 * 60 });

  assert.equal(await retention.statusOf(token), null);
});
