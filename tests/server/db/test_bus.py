"""News wake whoever waits."""

import asyncio

from autosky_desktop.server.db.bus import Bus


def test_news_wake_every_listener() -> None:
    bus = Bus()
    with bus.listening() as one, bus.listening() as two:
        bus.wake()
        assert one.is_set()
        assert two.is_set()


def test_that_all_is_as_it_was_wakes_only_who_asks_for_confirmations() -> None:
    bus = Bus()
    with bus.listening() as acting, bus.listening(to_confirmations=True) as passing_on:
        bus.wake(confirmed=True)
        assert not acting.is_set()
        assert passing_on.is_set()


def test_closing_wakes_whoever_waits() -> None:
    async def listen() -> None:
        bus = Bus()
        with bus.listening() as news:
            bus.close()
            async with asyncio.timeout(30):
                await news.wait()
        assert bus.closed

    asyncio.run(listen())
