"""The choice of a time zone: the environment's, this computer's, UTC; all others once opened."""

from datetime import timedelta

from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.local_time import UTC_NAMES, is_zone
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.words.times import offset, zone

UTC = "UTC"


class ZoneSelect(Select):
    """Offers zones, whose names are its data; the one that is chosen shows how far it is from UTC.

    A zone that this computer has no rules for is not offered: no moment could be found in it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = False
        self.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(16)
        for name in dict.fromkeys((known(zone()), UTC)):
            self.addItem(name, name)

    @property
    def zone(self) -> str:
        return str(self.currentData() or UTC)

    def offer(self, name: str) -> None:
        """Choose that zone, offered before or not; UTC instead of what is no zone here."""
        name = known(name)
        if self.findData(name) < 0:
            self.insertItem(0, name, name)
        self.setCurrentIndex(self.findData(name))

    def show_offset(self, ahead: timedelta) -> None:
        for index in range(self.count()):
            name = self.itemData(index)
            far = offset(ahead)
            chosen = index == self.currentIndex() and far != name
            text = f"{name} ({far})" if chosen else name
            if self.itemText(index) != text:
                self.setItemText(index, text)
        self.setToolTip(self.currentText())

    def showPopup(self) -> None:
        """Add all zones first: reading their names takes longer than making the form."""
        if not self._all:
            from zoneinfo import available_timezones

            self._all = True
            there = {self.itemData(index) for index in range(self.count())} | UTC_NAMES
            for name in sorted(it for it in available_timezones() if "/" in it):
                if name not in there:
                    self.addItem(name, name)
        super().showPopup()


def known(name: str) -> str:
    """Return the name under which that zone is offered: not all of one that has several are."""
    return UTC if name in UTC_NAMES or not is_zone(name) else name
