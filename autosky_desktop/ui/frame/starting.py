"""The page in the window before there is anything to show, or when there cannot be."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words.labels import environments
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _


class Starting(QWidget):
    """The page with a title, a sentence, and a way on when there is one.

    Of a control plane that cannot start it tells its folder and what the system said, too.
    """

    try_again = Signal()
    afresh_asked = Signal()
    add_asked = Signal()
    demo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("alert-triangle", "bad")
        self._title, self._text, self._where = QLabel(), QLabel(), QLabel()
        set_style(self._title, TextStyle.TITLE)
        set_style(self._text, TextStyle.BODY, "text2")
        set_style(self._where, TextStyle.SMALL, "text2")
        for label in (self._title, self._text, self._where):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = Button("", "primary", icon="refresh")
        self._button.clicked.connect(self.try_again)
        self._afresh = Button("")
        self._afresh.clicked.connect(self.afresh_asked)
        self._add = Button("", "primary", icon="plus")
        self._add.clicked.connect(self.add_asked)
        self._demo = Button("")
        self._demo.clicked.connect(self.demo_asked)
        self._log = Button("")
        self._log.clicked.connect(_open_log)
        self._copy = Button("", icon="copy")
        self._copy.clicked.connect(self._copy_details)
        self._lay_out()
        Wording(self, self._word)

    def _word(self) -> None:
        self._button.setText(_(labels.TRY_AGAIN))
        self._afresh.setText(_(labels.START_AFRESH))
        self._add.setText(_(environments.ADD_ENVIRONMENT))
        self._demo.setText(_(environments.ADD_A_DEMO))
        self._log.setText(_(labels.OPEN_THE_LOG))
        self._copy.setText(_(labels.COPY_DETAILS))

    def show_connection(self, connection: LineStatus, *, empty: bool) -> None:
        """Show how the connection is. `empty`: it is there, and there is no environment at all."""
        self._button.setVisible(connection.line in (Line.FAILED, Line.REFUSED, Line.OFFLINE))
        none, afresh = connection.live and empty, False
        self._add.setVisible(none)
        self._demo.setVisible(none)
        cause = None if connection.line is Line.RESTARTING else connection.cause
        if none:
            title = _(labels.NO_ENVIRONMENTS)
            text = _(labels.NONE_ADDED_YET)
        elif cause:
            title = _(labels.ENVIRONMENTS_COULD_NOT_BE_SHOWN)
            from autosky_desktop.words import errors  # not for the first paint

            text = errors.sentence(cause)
            afresh = errors.begins_afresh(cause)
        else:
            title = _(labels.STARTING)
            text = _(labels.PLANE_IS_STARTING)
        self._afresh.setVisible(afresh)
        failed = cause is not None and not connection.live
        for widget in (self._icon, self._log, self._copy):
            widget.setVisible(failed)
        self._title.setText(title)
        self._text.setText(text)
        self._title.setAccessibleName(f"{title}. {text}")
        self._where.setText(self._text_of(cause) if cause else "")
        self._where.setVisible(bool(self._where.text()))

    def _text_of(self, cause: Exception) -> str:
        from autosky_desktop.ui.widgets.open_log import named_data_folder

        detail = cause.detail if isinstance(cause, CannotStart) else ""
        if detail and detail in self._text.text():
            detail = ""  # it is said already
        return f"{named_data_folder(cause)}\n{detail}".strip()

    def _copy_details(self) -> None:
        parts = (self._title.text(), self._text.text(), self._where.text())
        QGuiApplication.clipboard().setText("\n".join(filter(None, parts)))

    def _lay_out(self) -> None:
        head, ways = QHBoxLayout(), WrappingRow(spacing=8)
        head.setSpacing(10)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        for button in (
            self._button, self._afresh, self._add, self._demo, self._log, self._copy
        ):  # fmt: skip
            ways.add(button)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(self._where)
        column.addSpacing(8)
        column.addWidget(ways)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(scaled(520))
        around = QHBoxLayout(self)
        around.addStretch(1)
        around.addWidget(middle, 1000, Qt.AlignmentFlag.AlignVCenter)
        around.addStretch(1)


def _open_log() -> None:
    from autosky_desktop.ui.widgets.open_log import open_log
    from autosky_desktop.words.errors import Log

    open_log(Log.PLANE)
