"""Words that stand in a widget for as long as it lives, and follow the language."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Wording(QObject):
    """Calls `say` at once, and again whenever another language is chosen.

    It is for what stays while the language changes; whatever is made anew then says its words when
    it is made.
    """

    def __init__(self, widget: QWidget, say: Callable[[], object]) -> None:
        super().__init__(widget)
        self._say = say
        say()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LanguageChange:
            self._say()
        return super().eventFilter(watched, event)
