"""News wake whoever waits."""

import asyncio

from autosky_desktop.server.db.bus import Bus


def test_news_wake_every_listener() -> None:
    bus = Bus()
    with bus.listening() as one, bus.listening() as two:
        bus.wake()
        assert one.is_set()
        assert two.is_set()


def test_closing_wakes_whoever_waits() -> None:
    async def listen() -> None:
        bus = Bus()
        with bus.listening() as news:
            bus.close()
            async with asyncio.timeout(1):
                await news.wait()
        assert bus.closed

    asyncio.run(listen())
