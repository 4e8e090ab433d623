// The shortest program that gets prices with the SDK. It prints when it began
// to connect and when the snapshot was there, in milliseconds since 1970, and
// ends. The type of a snapshot is the schema's default, which the SDK omits.
const upstox = require("upstox-js-sdk");

upstox.ApiClient.instance.authentications["OAUTH2"].accessToken = process.env.UPSTOX_ACCESS_TOKEN;
const streamer = new upstox.MarketDataStreamerV3(["NSE_INDEX|Nifty 50"], "ltpc");
const connect = Date.now();

streamer.on("message", (data) => {
  const snapshot = Date.now();
  const frame = JSON.parse(data.toString("utf8"));
  if (!frame.feeds || (frame.type ?? "initial_feed") !== "initial_feed") return;
  process.stdout.write(JSON.stringify({ connect, snapshot }), () => process.exit());
});
streamer.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
streamer.connect();
