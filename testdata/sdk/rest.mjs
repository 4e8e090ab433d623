// Calls methods of the API classes and prints each answer. Arguments are JSON:
// ["UserApi", "getProfile", "2.0"].
import upstox, { call, say } from "./sdk.mjs";

for (const arg of process.argv.slice(2)) {
  const [name, method, ...args] = JSON.parse(arg);
  await say({ call: method, ...(await call(new upstox[name](), method, ...args)) });
}
