// Uses a served scenario as a bot does, and prints what the SDK makes of it, in
// two parts: {"part": "rest" | "stream", "saw": [..]}. Nothing in it differs from
// one start to the next. No part takes longer than three seconds.
import { setTimeout as after } from "node:timers/promises";
import upstox, { say } from "./sdk.mjs";

const patience = 3000;
const nifty = "NSE_INDEX|Nifty 50";

const calls = [
  ["UserApi", "getProfile", "2.0"],
  ["MarketQuoteV3Api", "getLtp", { instrumentKey: nifty }],
  ["MarketHolidaysAndTimingsApi", "getMarketStatus", "NSE"],
  ["MarketHolidaysAndTimingsApi", "getHolidays"],
  ["WebsocketApi", "getMarketDataFeedAuthorizeV3"],
];

// outline is a value without what changes from one answer to the next.
const outline = (value) =>
  JSON.stringify(value, (key, inner) => (typeof inner === "number" ? "#" : typeof inner === "string" ? inner.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, "#") : inner));

async function rest() {
  return Promise.all(
    calls.map(async ([name, method, ...args]) => {
      const answer = new Promise((done) => {
        new upstox[name]()[method](...args, (error, data) => done(outline(error ? [error.message, error.response?.text?.slice(0, 300)] : data)));
      }).catch((error) => `thrown: ${error.message}`);
      return `${method}: ${await Promise.race([answer, after(patience, "no answer", { ref: false })])}`;
    }),
  );
}

// stream tells of the first frames and of each event until live prices have come,
// an error, or the time is over.
function stream() {
  const saw = [];
  const streamer = new upstox.MarketDataStreamerV3([nifty, "NSE_EQ|INE002A01018"], "full");
  streamer.autoReconnect(false);
  return new Promise((done) => {
    const end = (what) => {
      saw.push(what);
      done(saw);
    };
    after(patience, undefined, { ref: false }).then(() => end("time is over"));
    process.on("uncaughtException", (error) => end(`thrown: ${error.message}`));
    streamer.on("open", async () => {
      saw.push("open");
      // The SDK throws away what comes before it has read its schema from disk.
      const { ws } = streamer.streamer;
      ws.pause();
      while (!streamer.streamer.protobufRoot) await after(1);
      ws.resume();
    });
    streamer.on("error", (error) => saw.push(`error: ${error.message ?? error}`));
    streamer.on("close", () => end("close"));
    streamer.on("message", (data) => {
      const frame = JSON.parse(data.toString("utf8"));
      const feeds = Object.values(frame?.feeds ?? {});
      const old = feeds.some((feed) => Date.now() - Number((feed.fullFeed?.indexFF ?? feed.fullFeed?.marketFF)?.ltpc?.ltt) > 60000);
      const phases = new Set(Object.values(frame?.marketInfo?.segmentStatus ?? {}));
      saw.push([frame?.type ?? "initial_feed", feeds.length, old ? "old" : "", ...phases].join(" "));
      if (frame?.type === "live_feed") end("live");
    });
    streamer.connect();
  });
}

await say({ part: "rest", saw: await rest() });
await say({ part: "stream", saw: await stream() });
process.exit();
