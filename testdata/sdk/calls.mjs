// Makes the calls that bots make, and prints for each what the SDK's own models
// lack in the answer: {"call": "OrderApi.getOrderBook", "status": "success",
// "lacks": ["OrderBookData.guid", ..]}. It needs orders to be taken.
import upstox, { call, say } from "./sdk.mjs";

const nifty = "NSE_INDEX|Nifty 50";
const reliance = "NSE_EQ|INE002A01018";
const version = "2.0";

// lacking are the members of models that have no value, each once.
function lacking(value) {
  if (value === null || typeof value !== "object") return [];
  const name = Array.isArray(value) || value.constructor === Object ? "" : value.constructor.name;
  const all = [];
  for (const member in value) {
    const inner = value[member];
    if (typeof inner === "function") continue;
    if (inner === undefined || inner === null) all.push(`${name}.${member}`);
    else all.push(...lacking(inner));
  }
  return [...new Set(all)];
}

// use makes a call and returns the answer's data, in the SDK's models.
async function use(api, method, ...args) {
  const { data, error } = await call(new upstox[api](), method, ...args);
  await say({ call: `${api}.${method}`, status: data?.status ?? JSON.stringify(error), lacks: lacking(data).sort() });
  return data?.data;
}

const { PlaceOrderRequest: V2, PlaceOrderV3Request: V3, ModifyOrderRequest: Modify } = upstox;
const order = (Request, type, price) => new Request(1, "I", "DAY", price, reliance, type, "BUY", 0, 0, false);

await use("UserApi", "getProfile", version);
await use("UserApi", "getUserFundMargin", version, {});
await use("UserApi", "getUserFundMarginV3");
await use("MarketQuoteApi", "ltp", `${nifty},${reliance}`, version);
await use("MarketQuoteApi", "getFullMarketQuote", `${nifty},${reliance}`, version);
await use("MarketQuoteApi", "getMarketQuoteOHLC", reliance, "1d", version);
await use("MarketQuoteV3Api", "getLtp", { instrumentKey: `${nifty},${reliance}` });
await use("MarketQuoteV3Api", "getMarketQuoteOHLC", "I1", { instrumentKey: reliance });
const [contract] = await use("OptionsApi", "getOptionContracts", nifty, {});
await use("OptionsApi", "getPutCallOptionChain", nifty, contract.expiry.toISOString().slice(0, 10));
await use("MarketQuoteV3Api", "getMarketQuoteOptionGreek", { instrumentKey: contract.instrumentKey });
const day = new Date(Date.now() - 24 * 3600e3).toISOString().slice(0, 10);
await use("HistoryApi", "getHistoricalCandleData", reliance, "day", day, version);
await use("HistoryApi", "getHistoricalCandleData1", reliance, "30minute", day, day, version);
await use("HistoryApi", "getIntraDayCandleData", reliance, "1minute", version);
await use("HistoryV3Api", "getHistoricalCandleData", reliance, "weeks", 1, day);
await use("HistoryV3Api", "getHistoricalCandleData1", reliance, "minutes", 5, day, day);
await use("HistoryV3Api", "getIntraDayCandleData", reliance, "minutes", 5);
await use("InstrumentsApi", "searchInstrument", "reliance", {});
await use("MarketHolidaysAndTimingsApi", "getMarketStatus", "NSE");
await use("MarketHolidaysAndTimingsApi", "getHolidays");
await use("MarketHolidaysAndTimingsApi", "getExchangeTimings", "2026-11-23");
await use("WebsocketApi", "getMarketDataFeedAuthorizeV3");
await use("WebsocketApi", "getPortfolioStreamFeedAuthorize", version);

const { orderIds } = await use("OrderApiV3", "placeOrder", order(V3, "MARKET", 0), {});
const { orderId } = await use("OrderApi", "placeOrder", order(V2, "LIMIT", 1000), version);
await use("OrderApi", "modifyOrder", new Modify("DAY", 1001, orderId, "LIMIT", 0), version);
await use("OrderApiV3", "modifyOrder", new Modify("DAY", 1002, orderId, "LIMIT", 0));
await use("OrderApi", "cancelOrder", orderId, version);
const { orderId: second } = await use("OrderApi", "placeOrder", order(V2, "LIMIT", 1000), version);
await use("OrderApiV3", "cancelOrder", second);
await use("OrderApi", "getOrderBook", version);
await use("OrderApi", "getOrderDetails", version, { orderId: orderIds[0] });
await use("OrderApi", "getOrderStatus", { orderId: orderIds[0] });
await use("OrderApi", "getTradeHistory", version);
await use("OrderApi", "getTradesByOrder", orderIds[0], version);
await use("PortfolioApi", "getPositions", version);
await use("PortfolioApi", "getHoldings", version);
await use("PortfolioApi", "getMtfPositions");
await use("LoginApi", "logout", version);
