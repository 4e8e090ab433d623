// Subscribes to the keys of a file and takes what comes until SIGINT; then it
// prints how much that was. With "parse" it makes objects of the messages, as
// every program of the SDK's users does, and times them; without, it does the
// least that tells a live frame, so that all the work is the SDK's own.
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import upstox, { say } from "./sdk.mjs";

const [file, mode, what] = process.argv.slice(2);
const keys = readFileSync(file, "utf8").trim().split("\n");
const streamer = new upstox.MarketDataStreamerV3(keys, mode);
const late = []; // ticks by milliseconds from send to delivery
let frames = 0;
let ticks = 0;
let broke = 0;

streamer.on("open", async () => {
  const { ws } = streamer.streamer;
  // The SDK throws away what comes before it has read its schema from disk,
  // and on a line this short frames can be faster.
  ws.pause();
  while (!streamer.streamer.protobufRoot) await setTimeout(1);
  ws.resume();
});
streamer.on("error", (error) => console.error(error.message ?? error));
streamer.on("close", () => broke++);
streamer.on("message", what === "parse" ? parse : count);

process.on("SIGINT", async () => {
  await say({ frames, ticks, late, broke });
  process.exit();
});

// count looks at the first words: {"type":"live_feed",
function count(data) {
  if (data.subarray(0, 32).includes("live_feed")) frames++;
}

function parse(data) {
  const now = Date.now();
  const frame = JSON.parse(data.toString("utf8"));
  if (frame.type !== "live_feed") return;
  const held = Object.keys(frame.feeds).length;
  frames++;
  ticks += held;
  const ms = Math.max(0, now - Number(frame.currentTs));
  late[ms] = (late[ms] ?? 0) + held;
}

await streamer.connect();
