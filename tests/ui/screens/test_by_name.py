"""The palette finds every command that any menu or button has, by what is written there."""

import pytest

from tests.support.connect_window import connectable
from tests.support.person import Person
from tests.support.screens import PAGES, SCREENS
from tests.support.walk import looked_up


@pytest.mark.parametrize("name", PAGES)
async def test_the_palette_finds_every_command_of_the_screen(qloop: object, name: str) -> None:
    async with connectable() as it:
        me = Person()
        await SCREENS[name](it, me)
        seen = await looked_up(me)
    lost = [it.wanted for it, is_found in seen.items() if not is_found and not it.excepted]
    assert not lost
