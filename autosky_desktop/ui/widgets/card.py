"""A card: what it is, what it is for, what can be done with it, and its content."""

from PySide6.QtCore import QEvent, QMargins
from PySide6.QtWidgets import (
    QFrame,
    QGroupBox,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.wrapping import WrappingRow

PADDING = 16
_TOP, _BELOW_HEAD, _ABOVE_TABLE = 11, 10, 9
_HEAD, _BETWEEN_ACTIONS = 22, 8


def around_page(*, narrow: bool) -> QMargins:
    """Return the room between a page's cards and its edges, in pixels."""
    return QMargins(16, 10, 16, 16) if narrow else QMargins(24, 16, 24, 24)


class Card(QGroupBox):
    """A titled card. Fill `body`, or `set_table` for what spans its width; at the foot a strip.

    The title is the accessible name, until another one is set.
    """

    def __init__(
        self,
        title: str,
        purpose: str = "",
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._title, self._purpose = QLabel(title), ElidedLabel(purpose, dispensable=True)
        set_style(self._title, TextStyle.PANEL)
        if not title:
            self._title.hide()  # never shown here: without a parent it would be a window
        set_style(self._purpose, TextStyle.SMALL, "text3")
        # it has what is left: a state beside the title and fields at the right come first
        self._purpose.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(PADDING, 0, PADDING, PADDING)
        self.body.setSpacing(12)
        self._body = QWidget()
        self._body.setLayout(self.body)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)  # the border
        self._column.setSpacing(0)
        self._head = self._make_head(icon)
        self._column.addWidget(self._head)
        self.set_purpose(purpose)
        self._column.addWidget(self._body, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the border in one place: with a change of style Qt adds it to the margins too."""
        super().changeEvent(event)
        self.setContentsMargins(0, 0, 0, 0)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))

    def set_purpose(self, purpose: str) -> None:
        self._purpose.setText(purpose)
        self._purpose.setVisible(bool(purpose))

    def add_beside_title(self, widget: QWidget) -> None:
        """Add a widget between the title and the line of purpose."""
        self._head.add_before(self._purpose, widget)

    def add_action(self, widget: QWidget) -> None:
        """Add a button at the right of the title, after those that are there."""
        self._head.add_at_end(widget, gap=_BETWEEN_ACTIONS)

    def set_table(self, table: QWidget) -> None:
        """Put a table under the title, from edge to edge."""
        margins = self._head.contentsMargins()
        margins.setBottom(_ABOVE_TABLE)
        self._head.setContentsMargins(margins)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(table)

    def set_strip(self, strip: QFrame) -> None:
        """Put a frame of kind "strip" under the body, from edge to edge."""
        self._column.addWidget(strip)

    def set_body_visible(self, visible: bool) -> None:
        """Show or hide the body: without it a card is one line."""
        self._body.setVisible(visible)

    def _make_head(self, icon: str) -> WrappingRow:
        head = WrappingRow(spacing=10, height=scaled(_HEAD))
        head.setContentsMargins(PADDING, _TOP, PADDING, _BELOW_HEAD)
        if icon:
            head.add(IconLabel(icon))
        head.add(self._title)
        head.add(self._purpose, share=1)
        return head
