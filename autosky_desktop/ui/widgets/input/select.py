"""A combo box with the chevron of the other icons."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QWidget,
)

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.menu import make_see_through, round_corners
from autosky_desktop.ui.widgets.painting import painting

MOST_SHOWN = 16
"""Rows of an open list; more scroll."""
_ICON, _RIGHT = 14, 10
_AROUND = 26
"""Pixels of an open list beside its words: its padding, its border and the scroll bar."""


class Select(QComboBox):
    """A choice of one among a few; `small` is 28 high, as the buttons of a card's head are."""

    def __init__(self, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("small", small)
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY))
        # Fusion's own delegate paints a menu, which no style sheet reaches
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setMaxVisibleItems(MOST_SHOWN)

    def name_without_label(self, name: str) -> None:
        """Name a field that no label stands beside.

        Qt tells assistive technology the chosen value as the name of a combo box, on Linux and
        macOS, and takes a name of its own only from a label that belongs to it.
        """
        self.setAccessibleName(name)
        self.setToolTip(name)
        label = QLabel(name, self)
        label.setBuddy(self)
        label.hide()

    def showPopup(self) -> None:
        """Open the list beneath the field, rounded as the menus are."""
        window = self.view().window()
        if window is not self.window() and not self._popup_is_dressed:
            self._popup_is_dressed = True
            make_see_through(window)
        self.view().setAccessibleName(self.accessibleName())
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + scaled(_AROUND))
        super().showPopup()
        round_corners(window)

    _popup_is_dressed = False

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """End a text that has no room in three dots: the style would cut through a letter."""
        super().initStyleOption(option)
        part, style = QStyle.SubControl.SC_ComboBoxEditField, self.style()
        field = QStyle.ComplexControl.CC_ComboBox
        room = style.subControlRect(field, option, part, self).width()
        right = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, right, room)

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_chevron(self)


def paint_chevron(field: QWidget) -> None:
    """Paint a chevron at the right of something that opens below itself."""
    side = scaled(_ICON)
    corner = QPoint(field.width() - side - _RIGHT, (field.height() - side) // 2)
    tone = theme.color("text2" if field.isEnabled() else "disabled")
    paint_icon(QPainter(field), "chevron-down", QRect(corner, QSize(side, side)), tone)
