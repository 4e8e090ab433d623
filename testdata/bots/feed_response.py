"""Decodes the frames of Upstox's market feed v3, as far as the bots here need it:
the type of a frame, and the last price of each key. It stands for the generated
protobuf module that bots bring along.
"""
import struct

TYPES = ("initial_feed", "live_feed", "market_info")


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif tag & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {tag & 7}")
        yield tag >> 3, value


def first(data, *path):
    """The value at a path of field numbers, or None."""
    for number in path:
        data = next((value for n, value in fields(data) if n == number), None)
        if data is None:
            return None
    return data


def decode(frame):
    """Returns the type of a frame and its prices by key."""
    kind, prices = 0, {}
    for number, value in fields(frame):
        if number == 1:
            kind = value
        if number == 2:
            key, feed = first(value, 1).decode(), first(value, 2)
            for path in ((1, 1), (2, 1, 1, 1), (2, 2, 1, 1), (3, 1, 1)):  # ltpc, share, index, greeks
                price = first(feed, *path)
                if price is not None:
                    prices[key] = price
    return TYPES[kind], prices
