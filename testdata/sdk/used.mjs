// Asks for the feed's URL and opens it twice with the SDK's WebSocket library,
// as the SDK's own example does.
import upstox, { call, own, say } from "./sdk.mjs";

const WebSocket = own("ws");

const dial = (url) =>
  new Promise((done) => {
    const ws = new WebSocket(url, { followRedirects: true });
    let first = "nothing";
    ws.on("error", (error) => done({ dial: "refused", message: error.message }));
    ws.once("message", (_, binary) => {
      first = binary ? "binary" : "text";
      ws.close(1000);
    });
    ws.on("close", (code) => done({ dial: "opened", first, code }));
  });

const answer = await call(new upstox.WebsocketApi(), "getMarketDataFeedAuthorizeV3");
if (answer.error) {
  await say({ authorize: answer });
} else {
  const url = new URL(answer.data.data.authorizedRedirectUri);
  await say({ authorize: { protocol: url.protocol, host: url.host, path: url.pathname } });
  await say(await dial(url));
  await say(await dial(url));
}
