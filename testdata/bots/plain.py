"""A plain bot on asyncio: aiohttp for REST, websockets for the market feed and the
portfolio feed. It buys once when prices come, and follows its order. It runs until
it is terminated.
"""
import asyncio
import json
import os
import ssl

import aiohttp
import websockets

from feed_response import decode

API = "https://api.upstox.com"
ORDERS = "https://api-hft.upstox.com/v3/order/place"
KEY = "NSE_EQ|INE002A01018"
TLS = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))


class Bot:
    def __init__(self, http):
        self.http = http
        self.bought = False

    async def authorized(self, path):
        async with self.http.get(API + path, ssl=TLS) as answer:
            answer.raise_for_status()
            return (await answer.json())["data"]["authorized_redirect_uri"]

    async def forever(self, path, use):
        """Opens a socket with a fresh URL whenever there is none."""
        wait = 0.1
        while True:
            try:
                async with websockets.connect(await self.authorized(path), ssl=TLS) as socket:
                    wait = 0.1
                    await use(socket)
            except (OSError, aiohttp.ClientError, websockets.WebSocketException) as error:
                print("plain:", error, flush=True)
            await asyncio.sleep(wait)
            wait = min(2 * wait, 5)

    async def market(self, socket):
        await socket.send(json.dumps({"guid": "plain", "method": "sub", "data": {"mode": "ltpc", "instrumentKeys": [KEY]}}).encode())
        async for frame in socket:
            kind, prices = decode(frame)
            if kind == "live_feed" and prices.get(KEY) and not self.bought:
                self.bought = True
                await self.buy()

    async def buy(self):
        order = {
            "quantity": 1, "product": "I", "validity": "DAY", "price": 0, "instrument_token": KEY, "order_type": "MARKET",
            "transaction_type": "BUY", "disclosed_quantity": 0, "trigger_price": 0, "is_amo": False,
        }
        async with self.http.post(ORDERS, json=order, ssl=TLS) as answer:
            answer.raise_for_status()

    async def portfolio(self, socket):
        async for text in socket:
            update = json.loads(text)
            print("plain:", update["update_type"], update.get("status", ""), flush=True)


async def main():
    headers = {"Authorization": "Bearer " + os.environ["UPSTOX_ACCESS_TOKEN"]}
    async with aiohttp.ClientSession(headers=headers) as http:
        bot = Bot(http)
        await asyncio.gather(
            bot.forever("/v3/feed/market-data-feed/authorize", bot.market),
            bot.forever("/v2/feed/portfolio-stream-feed/authorize?update_types=order,position", bot.portfolio),
        )


asyncio.run(main())
