"""The bell at the foot of the sidebar, with the number of notifications nobody has looked at."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import PressedByEnter
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words.labels import reminders as labels
from autosky_desktop.words.language import _

SIDE, BADGE = 32, 15
MOST = 9


class Bell(PressedByEnter, QPushButton):
    """Says "Notifications, 2 unread"."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bare")
        self.setIcon(icon("bell"))
        self._unread = 0
        Wording(self, self._say)

    def show_unread(self, unread: int) -> None:
        if unread != self._unread:
            self._unread = unread
            self._say()
            self.update()

    def sizeHint(self) -> QSize:
        """Leave room for the number, which is as large as letters are."""
        return super().sizeHint().expandedTo(QSize(scaled(SIDE), scaled(SIDE)))

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._unread:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = scaled(BADGE)
        place = QRect(self.width() - side - 1, 1, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bad_solid"))
        painter.drawEllipse(place)
        painter.setFont(font(TextStyle.TAG))
        painter.setPen(theme.color("on_accent"))
        text = str(self._unread) if self._unread <= MOST else f"{MOST}+"
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _say(self) -> None:
        text = _(labels.NOTIFICATIONS_N_UNREAD).format(n=self._unread)
        self.setAccessibleName(text)
        self.setToolTip(_told(labels.NOTIFICATIONS_KEYS, keys.NOTIFICATIONS))


class Gear(PressedByEnter, QPushButton):
    """Opens the settings."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bare")
        self.setIcon(icon("gear"))
        Wording(self, self._say)

    def _say(self) -> None:
        self.setAccessibleName(_(labels.SETTINGS))
        self.setToolTip(_told(labels.SETTINGS_KEYS, keys.SETTINGS))


def _told(text: str, pressed: str) -> str:
    return _(text).format(keys=keys.written(pressed))
