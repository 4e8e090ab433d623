"""A program of a user's, in each of Python's clients: it asks for the feed's
URL, opens the stream, subscribes, and prints what it meets in the client's own
words. The first argument is the client; faults end it as they end a program
that does not expect them."""
import asyncio
import json
import os
import ssl
import sys

AUTHORIZE = "https://api.upstox.com/v3/feed/market-data-feed/authorize"
HEADERS = {"Authorization": "Bearer " + os.environ["UPSTOX_ACCESS_TOKEN"], "Accept": "application/json"}
SUBSCRIBE = json.dumps({"guid": "1", "method": "sub", "data": {"mode": "ltpc", "instrumentKeys": ["NSE_INDEX|Nifty 50"]}}).encode()
TIMEOUT = 5
CA = os.environ["SSL_CERT_FILE"]


def feed_url():
    """The URL of the stream, by requests as the official examples do."""
    import requests

    response = requests.get(AUTHORIZE, headers=HEADERS, timeout=TIMEOUT, verify=CA)
    response.raise_for_status()
    return response.json()["data"]["authorized_redirect_uri"]


def use_requests():
    feed_url()
    print("authorized")


def use_httpx():
    import httpx

    response = httpx.get(AUTHORIZE, headers=HEADERS, timeout=TIMEOUT)
    response.raise_for_status()
    print("authorized", bool(response.json()["data"]["authorized_redirect_uri"]))


def use_urllib():
    from urllib.request import Request, urlopen

    with urlopen(Request(AUTHORIZE, headers=HEADERS), timeout=TIMEOUT) as response:
        print("authorized", bool(json.load(response)["data"]["authorized_redirect_uri"]))


def use_websocket_client():
    import websocket

    websocket.setdefaulttimeout(TIMEOUT)
    websocket.enableTrace(False)

    def on_open(ws):
        print("connected")
        ws.send(SUBSCRIBE, opcode=websocket.ABNF.OPCODE_BINARY)

    def on_message(ws, message):
        print("message of", len(message), "bytes")

    ws = websocket.WebSocketApp(
        feed_url(),
        on_open=on_open,
        on_message=on_message,
        on_error=lambda ws, error: print("on_error:", error),
        on_close=lambda ws, code, reason: print("### closed ### close_status_code=%s close_msg=%s" % (code, reason)),
    )
    ws.run_forever(sslopt={"ca_certs": CA}, ping_interval=2, ping_timeout=1)


async def use_websockets():
    import websockets

    async with websockets.connect(feed_url(), open_timeout=TIMEOUT, ping_interval=1, ping_timeout=1, close_timeout=1) as ws:
        print("connected")
        await ws.send(SUBSCRIBE)
        async for message in ws:
            print("message of", len(message), "bytes")


async def use_aiohttp():
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        async with session.get(AUTHORIZE, timeout=timeout) as response:
            response.raise_for_status()
            url = (await response.json())["data"]["authorized_redirect_uri"]
        async with session.ws_connect(url, heartbeat=1, timeout=TIMEOUT) as ws:
            print("connected")
            await ws.send_bytes(SUBSCRIBE)
            async for message in ws:
                if message.type == aiohttp.WSMsgType.BINARY:
                    print("message of", len(message.data), "bytes")
                else:
                    print(message)
            print("stream ended: close code", ws.close_code, ws.exception() or "")


async def use_tornado():
    from tornado.websocket import websocket_connect
    from tornado.httpclient import AsyncHTTPClient, HTTPRequest

    answer = await AsyncHTTPClient().fetch(HTTPRequest(AUTHORIZE, headers=HEADERS, request_timeout=TIMEOUT, connect_timeout=TIMEOUT))
    url = json.loads(answer.body)["data"]["authorized_redirect_uri"]
    ws = await websocket_connect(HTTPRequest(url, connect_timeout=TIMEOUT, request_timeout=TIMEOUT), ping_interval=1, ping_timeout=1)
    print("connected")
    await ws.write_message(SUBSCRIBE, binary=True)
    while True:
        message = await ws.read_message()
        if message is None:
            print("connection closed: code=%s reason=%s" % (ws.close_code, ws.close_reason))
            return
        print("message of", len(message), "bytes")


def use_autobahn():
    from twisted.internet import reactor, ssl as tls
    from twisted.python import log
    from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
    from twisted.internet.protocol import ReconnectingClientFactory

    log.startLogging(sys.stdout, setStdout=False)

    class Ticker(WebSocketClientProtocol):
        def onConnect(self, response):
            print("connected")

        def onOpen(self):
            self.sendMessage(SUBSCRIBE, isBinary=True)

        def onMessage(self, payload, isBinary):
            print("message of", len(payload), "bytes")

        def onClose(self, wasClean, code, reason):
            print("Connection closed: %s - %s" % (code, reason))
            if reactor.running:
                reactor.stop()

    class Factory(WebSocketClientFactory):
        def clientConnectionFailed(self, connector, reason):
            print("Can't connect to server. Reason: %s" % reason)
            if reactor.running:
                reactor.stop()

    url = feed_url()
    factory = Factory(url)
    factory.protocol = Ticker
    factory.setProtocolOptions(openHandshakeTimeout=TIMEOUT, autoPingInterval=1, autoPingTimeout=1)
    host = url.split("/")[2]
    authority = tls.Certificate.loadPEM(open(CA).read())
    reactor.connectSSL(host, 443, factory, tls.optionsForClientTLS(host, trustRoot=tls.trustRootFromCertificates([authority])), timeout=TIMEOUT)
    reactor.run()


if __name__ == "__main__":
    client = globals()["use_" + sys.argv[1].replace("-", "_")]
    if asyncio.iscoroutinefunction(client):
        asyncio.run(client())
    else:
        client()
