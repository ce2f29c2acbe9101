"""Each environment has its provider, and no trouble of one reaches another."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autosky_desktop.server.providers.plugin import ProviderPace, Services
from autosky_desktop.server.providers.plugins import Plugins
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderPaused,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.registry import Placement, ProviderRegistry
from tests.support.cloud import Time
from tests.support.plugins import Acme

pytestmark = pytest.mark.anyio


@pytest.fixture
def acme() -> Acme:
    return Acme()


@pytest.fixture
async def registry(acme, tmp_path) -> AsyncIterator[ProviderRegistry]:
    services = Services(now=Time(), folder=tmp_path, control_plane="0" * 32)
    made = ProviderRegistry(Plugins([acme], built_in={}, group=None), services)
    yield made
    await made.close()


def at(trouble: str = "", **more: bool) -> Placement:
    return Placement(plugin="acme", values={"host": "h", "trouble": trouble}, **more)


async def test_a_provider_is_opened_by_the_first_question_and_only_once(registry, acme):
    registry.put_all({"a": at(), "b": at()})
    assert acme.opened == []
    found = await asyncio.gather(*(registry.provider.read("a") for _ in range(3)))
    assert found[0].servers[0].id.startswith("a-")
    assert acme.opened == ["a"]


async def test_of_one_that_hangs_nobody_else_hears_and_who_asked_is_told_in_time(registry, acme):
    acme.pace = ProviderPace(answer_seconds=0.2)
    registry.put_all({"a": at("hangs"), "b": at(), "c": at("hangs at opening")})
    hanging = [asyncio.create_task(registry.provider.read(it)) for it in "aaaaaaaacccc"]
    assert (await registry.provider.read("b")).servers
    for task in hanging:
        with pytest.raises(ProviderBusy):
            await task


async def test_no_more_questions_are_asked_at_once_than_its_pace_says(registry, acme):
    acme.pace = ProviderPace(at_once=2)
    registry.put_all({"a": at("hangs"), "b": at()})
    asked = [asyncio.create_task(registry.provider.read("a")) for _ in range(5)]
    for _ in range(2):
        await acme.hanging.get()
    await registry.provider.read("b")
    assert acme.hanging.empty()
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_one_that_cannot_be_opened_is_opened_again_by_the_next_question(registry, acme):
    registry.put_all({"a": Placement(plugin="acme", values={}), "b": at()})
    for _ in range(2):
        with pytest.raises(ProviderRefused, match="Host"):
            await registry.provider.read("a")
    assert (await registry.provider.read("b")).servers


async def test_an_error_nobody_foresaw_is_a_sentence(registry):
    registry.put_all({"a": at("breaks")})
    with pytest.raises(ProviderRefused, match="nobody foresaw"):
        await registry.provider.read("a")


async def test_an_unknown_provider_or_environment_is_refused(registry):
    registry.put_all({"a": Placement(plugin="unheard-of")})
    with pytest.raises(ProviderRefused, match="unheard-of"):
        await registry.provider.read("a")
    with pytest.raises(ProviderRefused) as refused:
        await registry.provider.read("z")
    assert refused.value.kind is RefusalKind.NOT_FOUND


async def test_nothing_is_asked_of_a_paused_one_nor_is_it_opened(registry, acme):
    registry.put_all({"a": at(paused=True)})
    with pytest.raises(ProviderPaused):
        await registry.provider.read("a")
    assert acme.opened == []
    assert registry.sources() == {}


async def test_other_settings_close_the_old_one_and_open_another(registry, acme):
    registry.put_all({"a": at()})
    await registry.provider.read("a")
    await registry.put("a", at("credentials"))
    assert acme.closed == ["a"]
    with pytest.raises(ProviderRefused, match="expired"):
        await registry.provider.read("a")


async def test_one_that_was_removed_is_closed_and_answers_no_more(registry, acme):
    registry.put_all({"a": at()})
    await registry.provider.read("a")
    await registry.remove("a")
    assert acme.closed == ["a"]
    with pytest.raises(ProviderRefused):
        await registry.provider.read("a")


async def test_one_that_was_removed_while_it_was_being_opened_is_closed_too(registry, acme):
    registry.put_all({"a": at("slow at opening")})
    asked = [asyncio.create_task(registry.provider.read("a")) for _ in range(2)]
    await acme.opening.wait()
    await registry.remove("a")
    acme.go_on.set()
    for task in asked:
        with pytest.raises(ProviderRefused, match="not there"):
            await task
    assert (acme.opened, acme.closed) == (["a"], ["a"])


async def test_each_environment_is_a_source_of_its_own_with_the_pace_of_its_plugin(registry):
    registry.put_all({"a": at(), "b": at()})
    await registry.provider.read("a")
    sources = registry.sources()
    assert sorted(it.environments for it in sources.values()) == [("a",), ("b",)]
    assert not any(it.tells for it in sources.values())
    await registry.put("b", at("hangs"))
    assert {name for name, it in registry.sources().items() if it != sources[name]} == {"/b"}
