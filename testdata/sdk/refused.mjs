// Connects where the feed refuses, lets the SDK try once more, and prints what
// it makes of that.
import upstox, { say } from "./sdk.mjs";

const streamer = new upstox.MarketDataStreamerV3(["NSE_INDEX|Nifty 50"], "ltpc");
let closes = 0;

streamer.on("open", () => say({ event: "open" }));
streamer.on("message", () => say({ event: "message" }));
streamer.on("error", (error) => say({ event: "error", message: error.message ?? error }));
streamer.on("reconnecting", (message) => say({ event: "reconnecting", message }));
streamer.on("close", async () => {
  await say({ event: "close", code: streamer.streamer.closingCode });
  if (++closes === 2) process.exit();
});

await streamer.connect();
