"""A page in the manner of Streamlit: its script is run again from the top at every
change, and only what is cached outlives a run. The socket is cached, so that one
stream serves all runs; websocket-client follows the redirect, as the seeds of such
pages do. It runs until it is terminated.
"""
import json
import os
import threading

import requests
import websocket

from feed_response import decode

TOKEN = os.environ["UPSTOX_ACCESS_TOKEN"]
WATCHED = ["NSE_INDEX|Nifty 50", "NSE_EQ|INE002A01018"]
cache = {}
changed = threading.Event()  # asks for another run of the script


def cached(make):
    """Makes a resource once, like st.cache_resource."""

    def get():
        if make.__name__ not in cache:
            cache[make.__name__] = make()
        return cache[make.__name__]

    return get


@cached
def stream():
    prices = {}

    def opened(ws):
        asked = {"guid": "page", "method": "sub", "data": {"mode": "full", "instrumentKeys": WATCHED}}
        ws.send(json.dumps(asked).encode(), websocket.ABNF.OPCODE_BINARY)

    def message(_, frame):
        prices.update(decode(frame)[1])
        changed.set()

    def keep():
        while True:
            ws = websocket.WebSocketApp(
                "wss://api.upstox.com/v3/feed/market-data-feed", header={"Authorization": "Bearer " + TOKEN, "Accept": "*/*"},
                on_open=opened, on_message=message, on_error=lambda _, error: print("page:", error, flush=True),
            )
            ws.run_forever(sslopt={"ca_certs": os.environ.get("SSL_CERT_FILE")})
            threading.Event().wait(0.3)

    threading.Thread(target=keep, daemon=True).start()
    return prices


@cached
def profile():
    answer = requests.get("https://api.upstox.com/v2/user/profile", headers={"Authorization": "Bearer " + TOKEN}, timeout=10)
    answer.raise_for_status()
    return answer.json()["data"]


def script():
    print("# Upstox Data for", profile()["user_name"])
    prices = stream()
    for key in WATCHED:
        print(key, prices.get(key, "waiting"))


while True:
    script()
    changed.wait()
    changed.clear()
