"""A question over the window, awaited like any other answer. No loop runs inside another."""

import asyncio
from pathlib import Path
from typing import NamedTuple, cast

from PySide6.QtCore import QEvent, QObject, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import ENTER, Button, ButtonKind
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.label_tag import LabelTag
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _

CONNECT, CONFIRM, DETAILS = 476, 584, 700
"""The three widths of dialogs, in pixels of the design."""
_MARGIN = 24
_MOST_OF_WINDOW = 0.9
_TITLE_BAR = 40
"""The height of what the system puts around a dialog, at most."""
_FRAME = (
    Qt.WindowType.Dialog
    | Qt.WindowType.CustomizeWindowHint
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowCloseButtonHint
)
"""A question can be closed; it is neither minimised nor maximised."""


class Scrim(QWidget):
    """Darkens the window it covers."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setGeometry(window.rect())
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(cast("QWidget", watched).rect())
        return False

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("scrim"))


class Dialog(QDialog):
    """A title, a body that scrolls when it must, and a foot with the safe and the acting button.

    Give a field of the body the focus before opening; else the safest useful button has it.

    `kind` "destructive": Enter does nothing until the acting button has the focus. With `stays`,
    pressing it only emits `acted`: the caller does the work and then accepts, or tells an error.
    `height` 0: as high as what it says.
    """

    acted = Signal()

    def __init__(
        self,
        parent: QWidget,
        title: str,
        *,
        window_title: str = "",
        width: int = CONFIRM,
        height: int = 0,
        kind: ButtonKind = "primary",
        acting: str = "",
        safe: str = "",
        stays: bool = False,
    ) -> None:
        super().__init__(parent.window())
        self._kind = kind
        self._stays = stays
        self._scrim: Scrim | None = None
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowFlags(_FRAME)
        # with the program's name, or Qt puts it there behind another dash than the window's
        named = _(labels.WINDOW_TITLE)
        self.setWindowTitle(named.format(title=window_title or title))
        self.setAccessibleName(title)
        self.setFixedWidth(scaled(width))
        self._height = scaled(height)
        self.tag = LabelTag()
        self.body = QVBoxLayout()
        self.acting = _ActingButton(acting, kind)
        if not acting:
            self.acting.hide()
        self.safe = Button(safe or _(labels.CLOSE))
        self._note = ElidedLabel()
        set_style(self._note, TextStyle.SMALL, "text3")
        self._head = self._make_head(title)
        self._foot = self._make_foot()
        self._scroll = _Body(self.body)
        self._scroll.grew.connect(self._fit)
        self._lay_out()
        self.safe.clicked.connect(self.reject)
        self.acting.clicked.connect(self._act)
        self.finished.connect(self._lift_scrim)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self.acting.set_kind(kind)

    def set_subtitle(self, text: str) -> None:
        self._subtitle.setText(text)
        self._subtitle.setVisible(bool(text))

    def add_beside_title(self, widget: QWidget) -> None:
        """Add a widget at the right of the title, before the label tag."""
        self._beside.insertWidget(self._beside.count() - 1, widget)

    def add_above_body(self, widget: QWidget) -> None:
        """Add a widget under the title, which does not scroll with the body."""
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 12)
        row.addWidget(widget, 1)
        self._column.insertLayout(1, row)

    def add_beside_body(self, widget: QWidget) -> None:
        """Add a widget left of the body, which does not scroll with it."""
        self._middle.setContentsMargins(_MARGIN, 0, 0, 0)
        self._middle.insertWidget(0, widget)

    def add_at_foot(self, widget: QWidget) -> None:
        """Add a widget at the left of the foot, for what neither is safe nor acts."""
        self._foot_row.insertWidget(0, widget)

    def add_before_safe(self, widget: QWidget) -> None:
        """Add a button left of the safe one, for an act that leads on to a question of its own."""
        self._foot_row.insertWidget(self._foot_row.indexOf(self.safe), widget)

    def set_note(self, text: str) -> None:
        """Say at the left of the foot who does this."""
        self._note.setText(text)

    async def answer(self) -> bool:
        """Open, and wait: True when the acting button was pressed.

        The dialog is gone afterwards: read what was typed before the next `await`. Cancelling
        the wait closes it.
        """
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def settle(result: int) -> None:
            if not future.done():
                future.set_result(result == QDialog.DialogCode.Accepted)

        self.finished.connect(settle)
        self.open()
        try:
            return await future
        finally:
            self.finished.disconnect(settle)
            if self.isVisible():
                self.reject()
            self.deleteLater()

    _placed = False

    def showEvent(self, event: QShowEvent) -> None:
        self._placed = False  # Qt puts it over its window, unless somebody has moved it
        self._fit()
        self._scrim = self._scrim or Scrim(self._window())
        self._scrim.show()
        self._scrim.raise_()
        super().showEvent(event)
        self._placed = True
        if self.focusWidget() in (None, self.acting):
            plain = self._kind != "destructive" and not self.acting.isHidden()
            (self.acting if plain else self.safe).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)
            return
        if event.isAutoRepeat():  # it was meant for what had the keyboard before
            return
        focus = self.focusWidget()
        if isinstance(focus, Button):
            focus.click()
        elif self._kind != "destructive" and self.acting.isVisible():
            self.acting.click()  # nothing happens while it is grey

    def _act(self) -> None:
        self.acted.emit()
        if not self._stays:
            self.accept()

    def _window(self) -> QWidget:
        return cast("QWidget", self.parentWidget())

    def _fit(self) -> None:
        """Make the dialog as high as what it says, but no higher than fits over the window and on
        the screen.
        """
        width = self.width()
        self._foot.ensurePolished()
        head = cast("QHBoxLayout", self._head.layout())
        wanted = self._height or (
            head.totalHeightForWidth(width)
            + self._scroll.height_for(width)
            + self._foot.sizeHint().height()
        )
        screen = self.screen().availableGeometry().height()
        most = min(round(self._window().height() * _MOST_OF_WINDOW), screen - scaled(_TITLE_BAR))
        self._scroll.let_scroll(bool(self._height) or wanted > most)
        height = min(wanted, most)
        grows = height - self.height()
        self.setFixedHeight(height)
        if grows and self._placed and self.isVisible():
            self._rise(grows)

    def _rise(self, grown: int) -> None:
        """Move a shown dialog up as it grows: the buttons stay under the pointer, and on the
        screen.
        """
        screen = self.screen().availableGeometry()
        top = max(self.y() - grown, self._window().frameGeometry().top())
        lowest = screen.bottom() + 1 - self.height() - scaled(_TITLE_BAR)
        self.move(self.x(), max(min(top, lowest), screen.top()))

    def _lift_scrim(self) -> None:
        if self._scrim:
            self._scrim.deleteLater()
            self._scrim = None

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self._scroll, 1)
        column.addLayout(self._middle, 1)
        column.addWidget(self._foot)

    def _make_head(self, title: str) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(_MARGIN, 20, _MARGIN, 10)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        name = self._title = QLabel(title)
        self._subtitle = ElidedLabel()
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setWordWrap(True)
        set_style(name, TextStyle.TITLE)
        set_style(self._subtitle, TextStyle.SMALL, "text2")
        self._subtitle.hide()
        texts.addWidget(name)
        texts.addWidget(self._subtitle)
        row.addLayout(texts, 1)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(10)
        self._beside.addWidget(self.tag)
        row.addLayout(self._beside)
        return head

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("kind", "footer")
        row = QHBoxLayout(foot)
        row.setContentsMargins(_MARGIN, 12, _MARGIN, 12)
        row.setSpacing(8)
        row.addWidget(self._note, 1)
        row.addWidget(self.safe)
        row.addWidget(self.acting)
        self._foot_row = row
        return foot


class _ActingButton(Button):
    """The acting button, which keeps the keyboard for itself while it is grey.

    Qt gives the focus of a button that turns grey to the next one: an Enter meant for the acting
    button would then press the safe one. The dialog holds the focus meanwhile and gives it back,
    unless the person has gone elsewhere.
    """

    _focus_is_owed = False

    def setEnabled(self, enabled: bool) -> None:
        dialog = self.window()
        if not enabled and dialog.focusWidget() is self and dialog is not self:
            dialog.setFocus()
            self._focus_is_owed = True
        super().setEnabled(enabled)
        if enabled and self._focus_is_owed:
            self._focus_is_owed = False
            if dialog.focusWidget() in (None, dialog):
                self.setFocus()


class _Body(QScrollArea):
    """The body scrolls what does not fit; never sideways. `grew`: it wants another height."""

    grew = Signal()

    def __init__(self, layout: QVBoxLayout) -> None:
        super().__init__()
        self._inner = QWidget()
        layout.setSpacing(12)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(_MARGIN, 0, _MARGIN, 20)
        self._column.addLayout(layout)
        self._column.addStretch(1)
        self.setWidgetResizable(True)
        self.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def height_for(self, width: int) -> int:
        if self._column.hasHeightForWidth():
            return self._column.totalHeightForWidth(width)
        return self._column.totalSizeHint().height()

    def let_scroll(self, may: bool) -> None:
        """Allow a scroll bar only where there is no room for all: a bar takes width, and so makes
        the need for itself.
        """
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bar.ScrollBarAsNeeded if may else bar.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.grew.emit()
        return done


class FileKind(NamedTuple):
    """A kind of file: its name with the pattern, "Table (*.csv)", and its suffix."""

    filter: str
    suffix: str


async def choose_file(window: QWidget, name: str, title: str, kind: FileKind) -> Path | None:
    """Ask where to write; None when the person thinks better of it."""
    dialog = QFileDialog(window.window(), title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([kind.filter])
    dialog.setDefaultSuffix(kind.suffix)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # its question is a loop of its own
    places = QStandardPaths.StandardLocation
    dialog.setDirectory(QStandardPaths.writableLocation(places.DocumentsLocation))
    dialog.selectFile(name)
    chosen: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def settle(result: int) -> None:
        if not chosen.done():
            chosen.set_result(result == QFileDialog.DialogCode.Accepted)

    dialog.finished.connect(settle)
    dialog.open()
    try:
        files = dialog.selectedFiles() if await chosen else []
        return Path(files[0]) if files else None
    finally:
        dialog.close()
        dialog.deleteLater()
