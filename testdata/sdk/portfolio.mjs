// Follows the portfolio feed with the SDK's streamer: a fill, updates that the
// control port orders, a drop, and the feed after the return. Prints each event;
// {"event": "update", "update": {..}} is what the SDK hands on.
import upstox, { call, say } from "./sdk.mjs";

const control = process.env.UPSTOX_SIMULATOR_CONTROL;
const steer = (path, body) => fetch(control + path, { method: "POST", body: JSON.stringify(body) });
const { PlaceOrderV3Request } = upstox;

const streamer = new upstox.PortfolioDataStreamer(true, true, true, true);
let opened = 0;
streamer.on("open", async () => {
  say({ event: "open" });
  if (++opened === 1) {
    const order = new PlaceOrderV3Request(2, "I", "DAY", 0, "NSE_EQ|INE002A01018", "MARKET", "BUY", 0, 0, false);
    await call(new upstox.OrderApiV3(), "placeOrder", order, {});
    await steer("/v1/portfolio", { update_type: "holding" });
    await steer("/v1/portfolio", { update_type: "gtt_order" });
  } else {
    await steer("/v1/portfolio", { update_type: "order", status: "rejected" });
  }
});
streamer.on("error", (error) => say({ event: "error", message: error.message ?? error }));
streamer.on("message", async (data) => {
  const update = JSON.parse(data.toString("utf8"));
  await say({ event: "update", update });
  if (update.update_type === "gtt_order") await steer("/v1/faults", { on: "portfolio", do: "drop" });
  if (update.status === "rejected") {
    streamer.autoReconnect(false);
    streamer.disconnect();
    process.exit();
  }
});
await streamer.connect();
