"""The choices in a box, side by side, one of which is taken; each may carry a number."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, font, set_style


class Segments(QTabBar):
    """A box of choices that tells of a change by `currentChanged`, as any bar of tabs."""

    def __init__(self, *words: str, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "segment")
        self.setProperty("small", small)
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY_MEDIUM))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        for word in words:
            self.addTab(word)

    def show_count(self, index: int, number: int, spoken: str) -> None:
        """Show a number beside a word; none for 0. `spoken` is the whole of it for people who
        listen.
        """
        right = QTabBar.ButtonPosition.RightSide
        badge = self.tabButton(index, right)
        self.setAccessibleTabName(index, spoken)
        if isinstance(badge, _Badge) and badge.number == number:
            return
        if badge:
            badge.deleteLater()
        self.setTabButton(index, right, _Badge(number) if number else None)


class _Badge(QWidget):
    """A number in its box, and the room between it and the edge of its tab."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        label = QLabel(str(number))
        set_style(label, TextStyle.SMALL_MEDIUM)
        label.setProperty("region", "count")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 9, 0)
        row.addWidget(label)
