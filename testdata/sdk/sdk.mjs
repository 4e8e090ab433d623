// What the scripts here share: the SDK with the user's token, the modules that
// it uses itself, a line of JSON for each thing that happens, and a call as a
// promise.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import upstox from "upstox-js-sdk";

const main = createRequire(import.meta.url).resolve("upstox-js-sdk");

export const home = dirname(main); // of the SDK's program files
export const own = createRequire(main);

upstox.ApiClient.instance.authentications["OAUTH2"].accessToken = process.env.UPSTOX_ACCESS_TOKEN;

export default upstox;

// say prints one line. process.exit must come after it has been written.
export const say = (line) => new Promise((done) => process.stdout.write(JSON.stringify(line) + "\n", done));

// call runs a method of an API class and returns what its callback is given:
// the SDK's own model, or the error in the SDK's form.
export const call = (api, method, ...args) =>
  new Promise((done) => {
    api[method](...args, (error, data) => {
      if (!error) {
        done({ data });
        return;
      }
      const text = error.response?.text;
      done({ error: { message: error.message, status: error.status ?? 0, body: text ? JSON.parse(text) : null } });
    });
  });
