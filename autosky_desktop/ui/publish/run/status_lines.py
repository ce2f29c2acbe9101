"""The lines about what a publication waits for or failed at, and what a person may say to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Instance
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.open_log import LogButton
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words.connecting_menu import why_not_to
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

TWO_LINES = 36
"""Pixels: a small window needs both for most of what is said."""
SENTENCE = 200
"""Pixels that a sentence wants beside buttons: with less, these stand beneath it."""


class WaitingLine(QFrame):
    """Says what the publication waits for; buttons come at a hold.

    It is there as long as the publication runs, so that nothing moves. `look_asked`: the person
    wants to look at that instance first, which was replaced before the hold.
    """

    go_on = Signal()
    go_back = Signal()
    move_asked = Signal()
    look_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._text = IconLabel("layers", "text"), QLabel()
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(scaled(SENTENCE))
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._text, TextStyle.BODY)
        self._back = Button("", small=True)
        self._on = Button(_(labels.GO_ON), "primary", small=True)
        self._first: Sequence[Instance] = ()
        self._make_looks()
        self._move = Button(_(labels.MOVE_THE_SWITCH), small=True)
        self._move.setAccessibleName(_(labels.MOVE_SWITCH))
        self._on.clicked.connect(self.go_on)
        self._move.clicked.connect(self.move_asked)
        self._back.clicked.connect(self.go_back)
        row = WrappingRow(spacing=10, height=scaled(TWO_LINES))
        row.add(self._icon)
        row.add(self._text, share=1)
        for button in (self._look, self._look_at, self._move, self._back, self._on):
            row.add_at_end(button)
        around = QVBoxLayout(self)
        around.setContentsMargins(12, 4, 12, 4)
        around.addWidget(row)
        wear(self, "kind", "quiet")
        self.hide()

    def tell(
        self,
        waits: str,
        *,
        meanwhile: str,
        held: bool,
        live: bool,
        before: int | None = None,
        asks: bool = False,
        movable: bool = False,
        prepared: bool = False,
    ) -> None:
        """Say what it `waits` for; `meanwhile`: what is said when it waits for nothing; `before`:
        the version that can be returned to; `asks`: a question comes before it goes on. The moment
        of its switch is `movable`; `prepared`: only that is waited for.
        """
        on, on_asking = labels.GO_ON, labels.GO_ON_ELLIPSIS
        if prepared:
            on, on_asking = labels.SWITCH_NOW, labels.SWITCH_NOW_ELLIPSIS
        self._on.setText(_(on_asking) if asks else _(on))
        self.setVisible(bool(waits or meanwhile))
        back = _(labels.RETURN_TO_VERSION_N).format(n=before)
        self._back.setText(back)
        self._text.setText(waits or meanwhile)
        self._icon.show_icon(
            "clock" if held or prepared else "users" if waits else "layers", "text"
        )
        wear(self, "kind", "notice" if waits else "quiet")
        self._move.setVisible(movable)
        self._back.setVisible(held and before is not None)
        self._on.setVisible(held or prepared)
        for button in (self._move, self._back, self._on):
            button.setEnabled(live)

    def offer_look(self, first: Sequence[Instance], *, live: bool) -> None:
        """Offer to connect to the instances that were replaced first; none: there is no hold."""
        self._first, self._live = first, live
        reasons = [why_not_to(it, live=live) for it in first]
        reason = "" if "" in reasons else next(iter(reasons), "")
        for button, shown in ((self._look, len(first) == 1), (self._look_at, len(first) > 1)):
            button.setVisible(shown)
            button.setEnabled(not reason)
            button.setToolTip(tip(reason))
            button.setAccessibleDescription(reason)

    _live = False

    def _make_looks(self) -> None:
        """Make the button for the only one there is, and that with a menu of several."""
        self._look = Button(_(labels.OPEN_IT_AND_LOOK), small=True)
        self._look.clicked.connect(lambda: self.look_asked.emit(self._first[0]))
        self._look_at = Button(_(labels.OPEN_ONE_AND_LOOK), small=True)
        menu = Menu(self._look_at)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._look_at.setMenu(menu)
        for button in (self._look, self._look_at):
            button.setAccessibleName(button.text().rstrip("…"))

    def _fill(self, menu: Menu) -> None:
        menu.clear()
        for it in self._first:
            action = menu.add(it.name, "monitor", reason=why_not_to(it, live=self._live))
            action.triggered.connect(lambda _checked=False, it=it: self.look_asked.emit(it))


class FailureLine(WrappingRow):
    """Says why it failed and what that leaves, with a way to try again where there is one."""

    retry = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(scaled(SENTENCE))
        set_style(self._text, TextStyle.BODY)
        self._retry = Button(_(labels.TRY_AGAIN), small=True)
        self._retry.clicked.connect(self.retry)
        self._log = LogButton(self)
        self.add(self._text, share=1)
        for button in (self._log, self._retry):
            self.add_at_end(button)
        self.hide()

    def tell(
        self, text: str, *, again: bool = False, why_not: str = "", wanted: bool = False
    ) -> None:
        """Say why it failed.

        `again`: trying again is offered; `why_not` says why not now; `wanted`: somebody asked for
        what came of it.
        """
        wear(self._text, "tone", "" if wanted else "bad")
        self.setVisible(bool(text))
        self._text.setText(text)
        self._log.show_for(text)
        self._retry.setVisible(again)
        self._retry.setEnabled(not why_not)
        self._retry.setToolTip(tip(why_not))
        self._retry.setAccessibleDescription(why_not)
