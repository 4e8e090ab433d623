"""A bot of a user's that runs all day: it logs in, streams, reconnects, and has
services of its own. The first argument is the client."""
import asyncio
import json
import logging
import os
import socket
import sys
import time
import urllib.request

import requests

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logging.getLogger("websocket").setLevel(logging.CRITICAL)
log = logging.getLogger("bot")
API = "https://api.upstox.com"
CA = os.environ["SSL_CERT_FILE"]
HEADERS = {"Authorization": "Bearer " + os.environ["UPSTOX_ACCESS_TOKEN"], "Accept": "application/json"}
SUBSCRIBE = json.dumps({"guid": "1", "method": "sub", "data": {"mode": "ltpc", "instrumentKeys": ["NSE_INDEX|Nifty 50"]}}).encode()
ATTEMPTS = 5


def services():
    """A cache and a messenger, neither of which is there."""
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=2)
    except OSError as error:
        logging.getLogger("cache").warning("redis at localhost:6379 is not available: %s", error)
    try:
        urllib.request.urlopen("https://api.telegram.org/bot/sendMessage", timeout=2)
    except OSError as error:
        logging.getLogger("notify").warning("telegram send to api.telegram.org failed: %s", error)


def login():
    answer = requests.get(API + "/v2/user/profile", headers=HEADERS, timeout=5, verify=CA)
    log.info("profile: HTTP %s", answer.status_code)
    answer.raise_for_status()
    log.info("token is valid")


def feed_url():
    answer = requests.get(API + "/v3/feed/market-data-feed/authorize", headers=HEADERS, timeout=5, verify=CA)
    answer.raise_for_status()
    return answer.json()["data"]["authorized_redirect_uri"]


def again(attempt):
    log.info("reconnecting in 3 s (attempt %d of %d)", attempt, ATTEMPTS)
    time.sleep(3)


def use_websocket_client():
    import websocket

    for attempt in range(1, ATTEMPTS + 1):
        ws = websocket.WebSocketApp(
            feed_url(),
            on_open=lambda ws: (log.info("websocket connected"), ws.send(SUBSCRIBE, opcode=websocket.ABNF.OPCODE_BINARY)),
            on_message=lambda ws, message: log.info("tick of %d bytes", len(message)),
            on_error=lambda ws, error: log.error("websocket error: %s", error),
            on_close=lambda ws, code, reason: log.warning("websocket closed: %s %s", code, reason),
        )
        ws.run_forever(sslopt={"ca_certs": CA}, ping_interval=5, ping_timeout=3)
        services()
        again(attempt)


async def stream():
    import websockets

    async with websockets.connect(feed_url(), open_timeout=5, ping_interval=2, ping_timeout=2, close_timeout=1) as ws:
        log.info("websocket connected")
        await ws.send(SUBSCRIBE)
        async for message in ws:
            log.info("tick of %d bytes", len(message))


def use_websockets():
    for attempt in range(1, ATTEMPTS + 1):
        try:
            asyncio.run(stream())
        except Exception:
            log.exception("stream failed")
        services()
        again(attempt)


if __name__ == "__main__":
    log.info("bot started")
    services()
    login()
    globals()["use_" + sys.argv[1].replace("-", "_")]()
    log.error("giving up")
