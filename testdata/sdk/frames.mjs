// Decodes files by the schema that the SDK brings, in the way of its feeder,
// and prints what it would emit.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { home, own, say } from "./sdk.mjs";

const root = await own("protobufjs").load(join(home, "feeder", "proto", "MarketDataFeedV3.proto"));
const schema = root.lookupType("com.upstox.marketdatafeederv3udapi.rpc.proto.FeedResponse");

for (const file of process.argv.slice(2)) {
  try {
    await say({ file: basename(file), event: schema.decode(await readFile(file)) });
  } catch (error) {
    await say({ file: basename(file), error: error.message });
  }
}
