"""A broker adapter in the manner of OpenAlgo: it finds instruments in the master
file, checks funds and quotes by REST, and streams with websocket-client in a thread,
with its own subscriptions and its own way back. It runs until it is terminated.
"""
import gzip
import json
import os
import ssl
import threading
import urllib.parse
import urllib.request
import uuid

import websocket

from feed_response import decode

API = "https://api.upstox.com"
MASTER = "https://assets.upstox.com/market-quote/instruments/exchange/complete.json.gz"


class Adapter:
    MODES = {1: "ltpc", 2: "full"}

    def __init__(self, token):
        self.token = token
        self.lock = threading.Lock()
        self.subscriptions = {}  # the mode by key
        self.keys = {}  # by exchange and symbol
        self.prices = {}
        self.attempts = 0
        self.ws = None

    def get(self, path, **query):
        url = API + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, headers={"Authorization": "Bearer " + self.token, "Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["data"]

    def download_master(self):
        with urllib.request.urlopen(MASTER, timeout=10) as answer:
            for row in json.loads(gzip.decompress(answer.read())):
                self.keys[row["exchange"], row["trading_symbol"]] = row["instrument_key"]

    def margin(self):
        funds = self.get("/v3/user/get-funds-and-margin")["available_to_trade"]
        return funds["cash_available_to_trade"]["total"], funds["pledge_available_to_trade"]["total"]

    def quote(self, key):
        (quote,) = self.get("/v2/market-quote/quotes", instrument_key=key).values()
        return {"bid": quote["depth"]["buy"][0]["price"], "ltp": quote["last_price"], "prev_close": quote["last_price"] - quote["net_change"]}

    def connect(self):
        url = self.get("/v3/feed/market-data-feed/authorize")["authorized_redirect_uri"]
        self.ws = websocket.WebSocketApp(url, on_open=self.on_open, on_message=self.on_message, on_close=self.on_close, on_error=self.on_error)
        self.ws.run_forever(sslopt={"ca_certs": os.environ.get("SSL_CERT_FILE"), "cert_reqs": ssl.CERT_REQUIRED})

    def run(self):
        while True:
            try:
                self.connect()
            except (OSError, websocket.WebSocketException) as error:
                print("adapter:", error, flush=True)
            self.attempts += 1
            threading.Event().wait(min(0.2 * self.attempts, 5))

    def subscribe(self, symbols, mode):
        keys = [self.keys[symbol] for symbol in symbols]
        with self.lock:
            self.subscriptions.update(dict.fromkeys(keys, self.MODES[mode]))
        if self.ws and self.ws.sock and self.ws.sock.connected:
            self.send(keys, self.MODES[mode])

    def send(self, keys, mode):
        asked = {"guid": uuid.uuid4().hex, "method": "sub", "data": {"mode": mode, "instrumentKeys": keys}}
        self.ws.send(json.dumps(asked).encode(), websocket.ABNF.OPCODE_BINARY)

    def on_open(self, _):
        self.attempts = 0
        with self.lock:
            for mode in sorted(set(self.subscriptions.values())):
                self.send([key for key, asked in self.subscriptions.items() if asked == mode], mode)

    def on_message(self, _, frame):
        _, prices = decode(frame)
        self.prices.update(prices)

    def on_error(self, _, error):
        print("adapter:", error, flush=True)

    def on_close(self, _, code, reason):
        print("adapter: closed", code, reason, flush=True)


adapter = Adapter(os.environ["UPSTOX_ACCESS_TOKEN"])
adapter.download_master()
assert adapter.margin()[0] > 0
assert adapter.quote(adapter.keys["NSE", "RELIANCE"])["bid"] > 0
adapter.subscribe([("NSE", "NIFTY"), ("NSE", "RELIANCE")], 1)
adapter.subscribe([("NSE", "SBIN")], 2)
adapter.run()
