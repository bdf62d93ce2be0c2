#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A slow link: relay.py HOST:PORT TARGET_HOST:PORT ROUND_TRIP_MS BITS_PER_SECOND

Passes bytes on half a round trip late and no faster than the rate (0: as fast as it can),
all connections sharing the link, each way for itself.  A connection's first bytes wait one
round trip more, which is what the handshake of TCP would have taken.
"""
import asyncio
import sys

BACKLOG = 64  # pieces on the way in one direction of one connection
PIECE = 1400  # bytes


class Link:
    """One direction."""

    def __init__(self, delay, rate):
        self.delay, self.rate, self.free = delay, rate, 0.0

    def arrival(self, length):
        now = asyncio.get_running_loop().time()
        if not self.rate:
            return now + self.delay
        self.free = max(now, self.free) + length * 8 / self.rate
        return self.free + self.delay


async def carry(link, reader, writer, handshake):
    queue = asyncio.Queue(BACKLOG)

    async def deliver():
        while True:
            when, piece = await queue.get()
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            if piece is None:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()

    delivery = asyncio.create_task(deliver())
    extra = asyncio.get_running_loop().time() + handshake
    try:
        while piece := await reader.read(PIECE):
            when = link.arrival(len(piece))
            if handshake:
                when = max(when, extra + link.delay)
            await queue.put((when, piece))
    except ConnectionError:
        pass
    await queue.put((link.arrival(0), None))
    try:
        await delivery
    except ConnectionError:
        pass


async def main():
    listen, target, round_trip, rate = sys.argv[1:]
    host, port = target.rsplit(":", 1)
    delay = float(round_trip) / 2000
    links = [Link(delay, float(rate)), Link(delay, float(rate))]

    async def connect(reader, writer):
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(carry(links[0], reader, far_writer, 2 * delay),
                             carry(links[1], far_reader, writer, 0))

    host_here, port_here = listen.rsplit(":", 1)
    server = await asyncio.start_server(connect, host_here, int(port_here))
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
