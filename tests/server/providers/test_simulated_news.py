"""Waiting for what changed in the simulated cloud."""

import asyncio

from autosky_desktop.server.providers.simulated.base_provider import ChangeSignal


def test_who_is_cancelled_together_with_news_ends_all_the_same():
    """At whatever turn of the loop after the news."""

    async def story(turns: int) -> bool:
        news = ChangeSignal()

        async def listen() -> None:
            while True:
                await news.wait(60)
                news.taken()

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        news.tell("erp")
        for _ in range(turns):
            await asyncio.sleep(0)
        listening.cancel()
        await asyncio.wait([listening], timeout=2)
        return listening.cancelled()

    assert [asyncio.run(story(turns)) for turns in range(5)] == [True] * 5


def test_the_wait_is_over_with_the_news_or_with_the_time():
    async def story() -> frozenset[str]:
        news = ChangeSignal()
        await news.wait(0)
        news.tell("erp")
        await news.wait(None)
        return news.taken()

    assert asyncio.run(story()) == {"erp"}
