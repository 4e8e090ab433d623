"""Uses Upstox's SDK for Python, whose directory UPSTOX_PYTHON_SDK names, as bots do,
against a simulator that takes orders: the REST calls, every mode of the market
streamer, and the portfolio streamer. Prints what came of each as a line of JSON, as
calls.mjs and portfolio.mjs do.
"""
import datetime
import json
import os
import sys
import threading
import urllib.request

sys.path.insert(0, os.environ["UPSTOX_PYTHON_SDK"])
import upstox_client as sdk  # noqa: E402

NIFTY, RELIANCE = "NSE_INDEX|Nifty 50", "NSE_EQ|INE002A01018"
CONTROL = os.environ["UPSTOX_SIMULATOR_CONTROL"]
PATIENCE = 30

conf = sdk.Configuration()
conf.access_token = os.environ["UPSTOX_ACCESS_TOKEN"]
client = sdk.ApiClient(conf)


def say(line):
    print(json.dumps(line), flush=True)


def steer(path, body):
    urllib.request.urlopen(urllib.request.Request(CONTROL + path, json.dumps(body).encode(), method="POST"))


def lacking(value):
    """The members of models that have no value, each once."""
    if isinstance(value, list):
        return {name for inner in value for name in lacking(inner)}
    if isinstance(value, dict):
        return lacking(list(value.values()))
    lacks = set()
    for member in getattr(value, "swagger_types", {}):
        inner = getattr(value, member)
        if inner is None:
            lacks.add(f"{type(value).__name__}.{member}")
        lacks |= lacking(inner)
    return lacks


def use(api, method, *args, **named):
    try:
        answer = getattr(getattr(sdk, api)(client), method)(*args, **named)
    except Exception as error:  # a model that refuses the answer raises ValueError
        say({"call": f"{api}.{method}", "status": f"{type(error).__name__}: {error}", "lacks": []})
        return None
    say({"call": f"{api}.{method}", "status": answer.status, "lacks": sorted(lacking(answer))})
    return answer.data


def market():
    use("UserApi", "get_profile", "2.0")
    use("UserApi", "get_user_fund_margin", "2.0")
    use("UserApi", "get_user_fund_margin_v3")
    use("MarketQuoteApi", "ltp", f"{NIFTY},{RELIANCE}", "2.0")
    use("MarketQuoteApi", "get_full_market_quote", f"{NIFTY},{RELIANCE}", "2.0")
    use("MarketQuoteApi", "get_market_quote_ohlc", RELIANCE, "1d", "2.0")
    use("MarketQuoteV3Api", "get_ltp", instrument_key=f"{NIFTY},{RELIANCE}")
    use("MarketQuoteV3Api", "get_market_quote_ohlc", "I1", instrument_key=RELIANCE)
    contract = use("OptionsApi", "get_option_contracts", NIFTY)[0]
    use("OptionsApi", "get_put_call_option_chain", NIFTY, contract.expiry.strftime("%Y-%m-%d"))
    use("MarketQuoteV3Api", "get_market_quote_option_greek", instrument_key=contract.instrument_key)
    day = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
    use("HistoryApi", "get_historical_candle_data", RELIANCE, "day", day, "2.0")
    use("HistoryApi", "get_historical_candle_data1", RELIANCE, "30minute", day, day, "2.0")
    use("HistoryApi", "get_intra_day_candle_data", RELIANCE, "1minute", "2.0")
    use("HistoryV3Api", "get_historical_candle_data", RELIANCE, "weeks", 1, day)
    use("HistoryV3Api", "get_historical_candle_data1", RELIANCE, "minutes", 5, day, day)
    use("HistoryV3Api", "get_intra_day_candle_data", RELIANCE, "minutes", 5)
    use("InstrumentsApi", "search_instrument", "reliance")
    use("MarketHolidaysAndTimingsApi", "get_market_status", "NSE")
    use("MarketHolidaysAndTimingsApi", "get_holidays")
    use("MarketHolidaysAndTimingsApi", "get_exchange_timings", "2026-11-23")
    use("WebsocketApi", "get_market_data_feed_authorize_v3")
    use("WebsocketApi", "get_portfolio_stream_feed_authorize", "2.0")


def orders():
    asked = {
        "quantity": 1, "product": "I", "validity": "DAY", "price": 0, "instrument_token": RELIANCE, "order_type": "MARKET",
        "transaction_type": "BUY", "disclosed_quantity": 0, "trigger_price": 0, "is_amo": False,
    }
    low = {**asked, "order_type": "LIMIT", "price": 1000}
    filled = use("OrderApiV3", "place_order", sdk.PlaceOrderV3Request(**asked)).order_ids[0]
    waits = use("OrderApi", "place_order", sdk.PlaceOrderRequest(**low), "2.0").order_id
    change = {"validity": "DAY", "price": 1001, "order_id": waits, "order_type": "LIMIT", "trigger_price": 0}
    use("OrderApi", "modify_order", sdk.ModifyOrderRequest(**change), "2.0")
    use("OrderApiV3", "modify_order", sdk.ModifyOrderRequest(**change))
    use("OrderApi", "cancel_order", waits, "2.0")
    waits = use("OrderApi", "place_order", sdk.PlaceOrderRequest(**low), "2.0").order_id
    use("OrderApiV3", "cancel_order", waits)
    use("OrderApi", "get_order_book", "2.0")
    use("OrderApi", "get_order_details", "2.0", order_id=filled)
    use("OrderApi", "get_order_status", order_id=filled)
    use("OrderApi", "get_trade_history", "2.0")
    use("OrderApi", "get_trades_by_order", filled, "2.0")
    use("PortfolioApi", "get_positions", "2.0")
    use("PortfolioApi", "get_holdings", "2.0")
    use("PortfolioApi", "get_mtf_positions")


def modes():
    for mode in ["ltpc", "full", "option_greeks", "full_d30"]:
        say({"mode": mode, "saw": frames(mode)})


def frames(mode):
    """The first frames of a stream in a mode, and the shape of its prices."""
    saw, done = [], threading.Event()

    def message(frame):
        if done.is_set():
            return
        saw.append(frame.get("type", "initial_feed"))
        if saw[-1] == "live_feed":
            saw.append(sorted({name for feed in frame["feeds"].values() for name in feed if name != "requestMode"}))
            done.set()

    streamer = sdk.MarketDataStreamerV3(client, [NIFTY, RELIANCE], mode)
    streamer.auto_reconnect(False)
    streamer.on("message", message)
    streamer.connect()
    done.wait(PATIENCE)
    streamer.disconnect()
    return saw


def portfolio():
    done, opened = threading.Event(), []

    def open_():
        say({"event": "open"})
        opened.append(True)
        threading.Thread(target=act).start()  # the SDK's callbacks hold its socket up

    def act():
        if len(opened) == 1:
            order = sdk.PlaceOrderV3Request(quantity=2, product="I", validity="DAY", price=0, instrument_token=RELIANCE, order_type="MARKET", transaction_type="BUY", disclosed_quantity=0, trigger_price=0, is_amo=False)
            sdk.OrderApiV3(client).place_order(order)
            steer("/v1/portfolio", {"update_type": "holding"})
            steer("/v1/portfolio", {"update_type": "gtt_order"})
        else:
            steer("/v1/portfolio", {"update_type": "order", "status": "rejected"})

    def message(text):
        update = json.loads(text)
        say({"event": "update", "update": update})
        if update["update_type"] == "gtt_order":
            steer("/v1/faults", {"on": "portfolio", "do": "drop"})
        if update.get("status") == "rejected":
            done.set()

    streamer = sdk.PortfolioDataStreamer(client, True, True, True, True)
    streamer.on("open", open_)
    streamer.on("message", message)
    streamer.connect()
    if not done.wait(PATIENCE):
        say({"event": "time is over"})


market()
orders()
modes()
portfolio()
use("LoginApi", "logout", "2.0")
sys.stdout.flush()
os._exit(0)
