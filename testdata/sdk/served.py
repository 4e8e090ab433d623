"""Uses a served scenario as a bot in Python does, and prints what it makes of it,
in two parts: {"part": "rest" | "stream", "saw": [..]}.

With the directory of Upstox's SDK in UPSTOX_PYTHON_SDK the SDK is used, as it
is. Without it the script does what SDK 2.28.0 does: urllib3 for calls, and
websocket-client, which follows the redirect and verifies no certificate.
"""
import json
import os
import re
import ssl
import sys
import threading
import time

sys.path.insert(0, os.environ.get("UPSTOX_PYTHON_SDK", ""))
PATIENCE = 3
NIFTY = "NSE_INDEX|Nifty 50"
TOKEN = os.environ.get("UPSTOX_ACCESS_TOKEN", "")
try:
    import upstox_client as sdk
except ImportError:
    sdk = None


def outline(text):
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]+", "#", str(text))
    return re.sub(r"0x[0-9a-f]+|[0-9]+(\.[0-9]+)?", "#", text)


def attempt(name, call):
    """Begins a call, and returns what tells what came of it within the time:
    urllib3 waits for as long as a Retry-After asks for, be it a year."""
    saw = []
    deadline = time.monotonic() + PATIENCE

    def run():
        try:
            saw.append(outline(call()))
        except Exception as error:  # whatever the client makes of an answer
            status = getattr(error, "status", "")
            body = getattr(error, "body", b"") or b""
            saw.append(f"{type(error).__name__} {status} {outline(body[:300])} {outline(error) if not status else ''}")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def outcome():
        thread.join(max(0, deadline - time.monotonic()))
        return f"{name}: {saw[0] if saw else 'no answer'}"

    return outcome


def rest():
    if sdk:
        conf = sdk.Configuration()
        conf.access_token = TOKEN
        conf.retries = False
        client = sdk.ApiClient(conf)
        limit = {"_request_timeout": PATIENCE}
        return [
            attempt("profile", lambda: sdk.UserApi(client).get_profile("2.0", **limit)),
            attempt("ltp", lambda: sdk.MarketQuoteV3Api(client).get_ltp(instrument_key=NIFTY, **limit)),
            attempt("status", lambda: sdk.MarketHolidaysAndTimingsApi(client).get_market_status("NSE", **limit)),
            attempt("holidays", lambda: sdk.MarketHolidaysAndTimingsApi(client).get_holidays(**limit)),
            attempt("authorize", lambda: sdk.WebsocketApi(client).get_market_data_feed_authorize_v3(**limit)),
        ]
    import certifi
    import urllib3

    pool = urllib3.PoolManager(ca_certs=certifi.where(), timeout=PATIENCE, retries=False)

    def get(path):
        answer = pool.request("GET", "https://api.upstox.com" + path, headers={"Authorization": "Bearer " + TOKEN, "User-Agent": "Swagger-Codegen/1.0.0/python"})
        return answer.status, answer.headers.get("server"), answer.data[:300]

    paths = ["/v2/user/profile", "/v3/market-quote/ltp?instrument_key=NSE_INDEX%7CNifty%2050", "/v2/market/status/NSE", "/v2/market/holidays", "/v3/feed/market-data-feed/authorize"]
    return [attempt(path, lambda path=path: get(path)) for path in paths]


def stream():
    saw, done = [], threading.Event()

    def end(what):
        saw.append(what)
        done.set()

    if sdk:
        conf = sdk.Configuration()
        conf.access_token = TOKEN
        streamer = sdk.MarketDataStreamerV3(sdk.ApiClient(conf), [NIFTY, "NSE_EQ|INE002A01018"], "full")
        streamer.auto_reconnect(False)

        def message(frame):
            feeds = frame.get("feeds", {}).values()
            full = [inner for feed in feeds for inner in feed.get("fullFeed", {}).values()]
            old = any(time.time() - int(inner["ltpc"]["ltt"]) / 1000 > 60 for inner in full)
            phases = sorted(set(frame.get("marketInfo", {}).get("segmentStatus", {}).values()))
            saw.append(f"{frame.get('type', 'initial_feed')} {len(feeds)} {'old' if old else ''} {phases}")
            if frame.get("type") == "live_feed":
                end("live")

        streamer.on("open", lambda: saw.append("open"))
        streamer.on("error", lambda error: end("error: " + outline(error)[:300]))
        streamer.on("close", lambda *_: end("close"))
        streamer.on("message", message)
        threading.Thread(target=streamer.connect, daemon=True).start()
    else:
        threading.Thread(target=socket, args=(saw, end), daemon=True).start()
    if not done.wait(PATIENCE):
        saw.append("time is over")
    return list(saw)


def socket(saw, end):
    import websocket

    def opened(app):
        saw.append("open")
        asked = {"guid": "1", "method": "sub", "data": {"mode": "full", "instrumentKeys": [NIFTY, "NSE_EQ|INE002A01018"]}}
        app.send(json.dumps(asked).encode(), opcode=websocket.ABNF.OPCODE_BINARY)

    def message(app, body):
        # Field 1 of a frame, its type, comes first: 2 is market_info, 1 live_feed.
        kind = body[:2].hex() if isinstance(body, bytes) else "text"
        saw.append(kind)
        if kind == "0801":
            end("live")

    app = websocket.WebSocketApp(
        "wss://api.upstox.com/v3/feed/market-data-feed", header={"Authorization": "Bearer " + TOKEN},
        on_open=opened, on_message=message,
        on_error=lambda _, error: end("error: " + outline(error)[:300]), on_close=lambda *_: end("close"),
    )
    app.run_forever(sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False})


print(json.dumps({"part": "sdk", "saw": [sdk is not None]}))
print(json.dumps({"part": "rest", "saw": [outcome() for outcome in rest()]}))
print(json.dumps({"part": "stream", "saw": stream()}), flush=True)
os._exit(0)
