"""Which zone a moment is in, as it is shown."""

import pytest
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from autosky_desktop.ui.publish.zones import SAME, ZoneSelect
from tests.support.evening import an_environment, an_evening
from tests.support.person import Person, visible
from tests.ui.publish.test_forms import open_form


async def test_the_zone_of_a_deadline_can_be_read_whole(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/Sao_Paulo"))
        await open_form(me, "Keep users connected")
        await me.presses("Ask those left to reconnect at a set time")
        [zone] = list(visible(ZoneSelect))
        text = zone.currentText()
        assert text == "America/Sao_Paulo (UTC\N{MINUS SIGN}3)"
        assert zone.toolTip() == text
        needs = zone.fontMetrics().horizontalAdvance(text)
        await me.until(lambda: room_of(zone) >= needs, "room for all of it")


def room_of(select: ZoneSelect) -> int:
    """Pixels that its text has."""
    option = QStyleOptionComboBox()
    select.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    style = select.style()
    return style.subControlRect(style.ComplexControl.CC_ComboBox, option, field, select).width()


@pytest.mark.parametrize("here", ["BRT3", "<-03>3", "Mars/Olympus", "posix", "", "Etc/Zulu"])
async def test_what_is_no_zone_is_not_offered_and_breaks_nothing(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    monkeypatch.setattr("autosky_desktop.ui.publish.zones.zone", lambda: here)
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="Mars/Olympus"))
        await open_form(me, "Scheduled")
        [select] = list(visible(ZoneSelect))
        assert [select.itemData(at) for at in range(select.count())] == ["UTC"]
        await me.sees("Runs today at 22:00")


async def test_utc_is_offered_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="Etc/UTC"))
        await open_form(me, "Scheduled")
        [select] = list(visible(ZoneSelect))
        assert select.zone == "UTC"
        select.showPopup()
        offered = [select.itemData(at) for at in range(select.count())]
        select.hidePopup()
        assert len(offered) == len(set(offered)) > 400
        assert [it for it in offered if it == "UTC" or it in SAME] == ["UTC"]
