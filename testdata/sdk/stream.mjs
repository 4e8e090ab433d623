// Streams by a plan and prints what arrives. The plan is a JSON list of steps:
// {"do": "subscribe" | "changeMode" | "unsubscribe", "keys": [..], "mode": ".."}
// or {"until": "live_feed", "keys": [..], "times": 3}, which waits for as many
// frames of the type that hold exactly these keys, counted from the step
// before. A plan begins with something to wait for.
import { setTimeout } from "node:timers/promises";
import upstox, { say } from "./sdk.mjs";

const [keys, mode, plan] = process.argv.slice(2).map((arg) => JSON.parse(arg));
const streamer = new upstox.MarketDataStreamerV3(keys, mode);
let step = 0;
let seen = 0;

streamer.on("open", async () => {
  const { ws } = streamer.streamer;
  const { host, pathname, searchParams } = new URL(ws.url);
  say({ event: "open", host, path: pathname, query: [...searchParams.keys()] });
  // The SDK throws away what comes before it has read its schema from disk,
  // and on a line this short frames can be faster.
  ws.pause();
  while (!streamer.streamer.protobufRoot) await setTimeout(1);
  ws.resume();
});
streamer.on("error", (error) => say({ event: "error", message: error.message ?? error }));
streamer.on("reconnecting", (message) => say({ event: "reconnecting", message }));
streamer.on("close", async () => {
  await say({ event: "close", code: streamer.streamer.closingCode });
  process.exit();
});
streamer.on("message", (data) => {
  const frame = JSON.parse(data.toString("utf8"));
  say({ event: "message", frame });
  follow(frame);
});

// follow takes the steps that can be taken now that the frame has come.
function follow(frame) {
  while (step < plan.length) {
    const { do: act, until, keys = [], mode, times } = plan[step];
    if (act) {
      streamer[act](keys, mode);
    } else {
      const held = Object.keys(frame?.feeds ?? {}).sort().join();
      if (frame && (frame.type ?? "initial_feed") === until && held === [...keys].sort().join()) seen++;
      frame = undefined; // it counts for one step only
      if (seen < times) return;
      seen = 0;
    }
    step++;
  }
  if (step === plan.length) streamer.disconnect();
  step++;
}

await streamer.connect();
