"""The card of the instances says how many it leaves out, and who is on an older version."""

from PySide6.QtWidgets import QLabel

from autosky_desktop.domain.environment import Instance
from autosky_desktop.ui.widgets.elided import ElidedLabel
from tests.support.evening import ERP, an_evening
from tests.support.person import Person, visible


async def test_those_that_the_card_has_no_room_for_are_counted(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        some = [
            Instance(id=f"i{n}", name=f"INST-{n:02}", status="available", version=41, sessions=n)
            for n in range(9)
        ]
        evening.store.details(ERP).instances.replace(some)
        await me.sees("INST-08")
        await me.sees("and 5 more")


async def test_sessions_on_an_older_version_are_told_on_the_card_in_any_width(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        old = Instance(id="old", name="INST-00", status="draining", version=40, sessions=3)
        evening.store.details(ERP).instances.put(old)
        short, long = "3 sessions on version 40", "3 sessions are still on version 40"
        for width, said, other in ((1280, long, short), (1024, short, long), (1280, long, short)):
            window.resize(width, 820)
            await me.sees(said)
            await me.no_longer_sees(other)
            [label] = [it for it in visible(QLabel) if it.text() == said]
            assert label.window() is window


async def test_names_are_shown_whole_where_there_is_room_and_stand_in_one_column(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        some = [
            Instance(id=name, name=name, status="available", version=41, sessions=None)
            for name in ("APP-LAB-01", "APP-02")
        ]
        evening.store.details(ERP).instances.replace(some)
        await me.sees("APP-02")
        long, short = (
            next(it for it in visible(ElidedLabel) if it.text() == name)
            for name in ("APP-LAB-01", "APP-02")
        )
        assert long.sizeHint().width() <= long.width() == short.width()
