"""Which zone a moment is in, as it is shown."""

from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from autosky_desktop.ui.publish.zones import ZoneSelect
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
