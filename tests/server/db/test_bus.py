"""News wake whoever waits, once for all that belongs together."""

import asyncio

from autosky_desktop.server.db.bus import Bus


def test_news_wake_every_listener() -> None:
    bus = Bus()
    with bus.listening() as one, bus.listening() as two:
        bus.wake()
        assert one.is_set()
        assert two.is_set()


def test_news_that_belong_together_are_told_once_at_the_end() -> None:
    bus = Bus()
    with bus.listening() as news:
        with bus.held():
            bus.wake()
            with bus.held():
                bus.wake()
            assert not news.is_set()
        assert news.is_set()


def test_without_news_nobody_is_woken() -> None:
    bus = Bus()
    with bus.listening() as news:
        with bus.held():
            pass
        assert not news.is_set()


def test_closing_wakes_even_while_news_are_held() -> None:
    async def listen() -> None:
        bus = Bus()
        with bus.listening() as news, bus.held():
            bus.close()
            async with asyncio.timeout(1):
                await news.wait()
        assert bus.closed

    asyncio.run(listen())
