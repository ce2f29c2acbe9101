"""Who switches the server off, said in the strip where it is known: the cloud, or this computer."""

import pytest
from msgspec.structs import replace

from tests.support.evening import an_evening
from tests.support.person import Person, texts
from tests.ui.servers.conftest import DAILY, show


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (True, "Daily schedule. The cloud does it if this computer is off. No publication"),
        (False, "Daily schedule. This computer has to be on for it. No publication"),
        (None, "Daily schedule. No publication"),
    ],
)
async def test_it_says_who_will_do_it(
    qloop: object, me: Person, kept: bool | None, said: str
) -> None:
    async with an_evening() as evening:
        show(evening, replace(DAILY, kept=kept))
        await me.sees(said)
        show(evening, replace(DAILY, kept=kept, held=True))
        await me.until(lambda: not any(said in text for text in texts()), "the shutdown held")
        assert not any("if this computer" in it or "has to be on" in it for it in texts())
