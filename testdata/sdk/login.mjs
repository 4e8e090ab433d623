// Logs in as an app does: a callback waits for the code, a browser fills in the
// login page, the exchange gives a token, and the token opens the profile.
import { createServer } from "node:http";
import upstox, { call, say } from "./sdk.mjs";

const { UPSTOX_API_KEY: clientId, UPSTOX_API_SECRET: clientSecret, UPSTOX_REDIRECT_URI: redirectUri } = process.env;
const login = new upstox.LoginApi();
const good = { clientId, clientSecret, redirectUri, grantType: "authorization_code" };

let arrive;
const callback = createServer((request, response) => {
  arrive(new URL(request.url, redirectUri).searchParams);
  response.setHeader("Content-Type", "application/json").end("{}");
});
await new Promise((ready) => callback.listen(new URL(redirectUri).port, "127.0.0.1", ready));

// code returns a fresh one. Each page says what to type; the last form leads to
// the callback.
async function code() {
  const arrived = new Promise((done) => (arrive = done));
  const dialog = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, response_type: "code", state: "s7" });
  const headers = { accept: "text/html" };
  let page = await fetch(`${upstox.ApiClient.instance.basePath}/v2/login/authorization/dialog?${dialog}`, { headers });
  for (let text; (text = await page.text()).includes("<form"); ) {
    const [, field] = text.match(/<input id="answer" name="(\w+)"/);
    const [, value] = text.match(/<strong>(\d+)</);
    page = await fetch(page.url, { method: "POST", headers, body: new URLSearchParams({ [field]: value }) });
  }
  const query = await arrived;
  if (query.get("state") !== "s7") throw new Error("the state is lost");
  return query.get("code");
}

const exchange = async (name, opts) => {
  const answer = await call(login, "token", "2.0", { ...good, ...opts });
  const token = answer.data?.accessToken;
  if (token) answer.data.accessToken = token.split(".").length; // parts of a JWT; itself it stays here
  await say({ exchange: name, ...answer });
  return token;
};

// The SDK is led to the page, which gives it no code.
const { data, error } = await call(login, "authorize", clientId, redirectUri, "2.0", { state: "s7" });
await say({ authorize: error ?? data ?? null });

const first = await code();
const token = await exchange("good code", { code: first });
await exchange("used code", { code: first });
const second = await code();
await exchange("wrong secret", { code: second, clientSecret: "wrong" });
await exchange("the same code with the right secret", { code: second });
await exchange("wrong key", { code: await code(), clientId: "wrong" });
await exchange("another redirect", { code: await code(), redirectUri: redirectUri + "/" });
await exchange("no code", {});

upstox.ApiClient.instance.authentications["OAUTH2"].accessToken = token;
await say({ profile: await call(new upstox.UserApi(), "getProfile", "2.0") });
await say({ dialog: await call(login, "authorize", "wrong", redirectUri, "2.0", {}) });
callback.close();
