"""The card of the instances says how many it leaves out."""

from autosky_desktop.domain.environment import Instance
from tests.support.evening import ERP, an_evening
from tests.support.person import Person


async def test_those_that_the_card_has_no_room_for_are_counted(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        some = [
            Instance(id=f"i{n}", name=f"INST-{n:02}", status="available", version=41, sessions=n)
            for n in range(9)
        ]
        evening.store.details(ERP).instances.replace(some)
        await me.sees("INST-08")
        await me.sees("and 5 more")
