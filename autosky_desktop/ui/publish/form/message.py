"""The message to users before their sessions end: typed, or from a template."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from autosky_desktop.domain.plan import MESSAGE_LENGTH, unknown
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import messages as words
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

HEIGHT = 94


class MessageEdit(QPlainTextEdit):
    """Takes a message of at most so many letters; Tab leads on to the next field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(TextStyle.BODY))
        self.setTabChangesFocus(True)
        self.setFixedHeight(scaled(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore Enter: a message is one paragraph, and some systems would cut a new line."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


class MessageField(QWidget):
    """Asks for the message, typed or from a template.

    `replace_asked`: a template was chosen over something typed, which takes its place if the person
    agrees.
    """

    changed = Signal()
    replace_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = MessageEdit()
        self._count = QLabel()
        set_style(self._count, TextStyle.SMALL, "text2")
        self._template = Button("", "link")
        self._template.setIcon(icon("chevron-down", "accent_text"))
        self._template.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._template.setProperty("flush", "right")
        self._menu = Menu(self._template)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._template.setMenu(self._menu)
        self._field = Labelled(_(labels.MESSAGE_TO_USERS), self._edit, beside=self._template)
        self._lay_out()
        self._fill_menu()
        self._edit.textChanged.connect(self._changed)
        self.reset()

    def text(self) -> str:
        return self._edit.toPlainText().strip()

    def reset(self) -> None:
        self.fill(words.TEMPLATES[0])

    def fill(self, template: str) -> None:
        """Fill it with the text of a template."""
        self._edit.setPlainText(words.text(template))

    def put(self, text: str) -> None:
        self._edit.setPlainText(text)

    def problem(self) -> str:
        """Say why it cannot be sent; empty when it can."""
        if not self.text():
            return _(labels.WRITE_WHAT_USERS_SHOULD_DO)
        if names := unknown(self.text()):
            return _(labels.NAME_IS_NOT_KNOWN).format(name="{" + names[0] + "}")
        return ""

    @property
    def first(self) -> QWidget:
        return self._edit

    def _changed(self) -> None:
        text = self._edit.toPlainText()
        if len(text) > MESSAGE_LENGTH:
            place = min(self._edit.textCursor().position(), MESSAGE_LENGTH)
            self._edit.setPlainText(text[:MESSAGE_LENGTH])
            cursor = self._edit.textCursor()
            cursor.setPosition(place)
            self._edit.setTextCursor(cursor)
            return
        said = _(labels.N_OF_MOST_CHARACTERS)
        self._count.setText(said.format(n=len(text), most=MESSAGE_LENGTH))
        known = words.template_of(text)
        name = words.name(known) if known else _(labels.YOUR_OWN_TEXT)
        self._template.setText(_(labels.TEMPLATE_NAME).format(name=name))
        self._template.setAccessibleName(_(labels.MESSAGE_TEMPLATE))
        self._field.tell(self.problem())
        self.changed.emit()

    def _chosen(self, template: str) -> None:
        text = self._edit.toPlainText()
        if text.strip() and words.template_of(text) is None:
            self.replace_asked.emit(template)
        else:
            self.fill(template)

    def _insert(self, placeholder: str) -> None:
        self._edit.insertPlainText(placeholder)
        self._edit.setFocus()

    def _fill_menu(self) -> None:
        for template in words.TEMPLATES:
            line = self._menu.add(words.name(template))
            line.triggered.connect(lambda _on=False, it=template: self._chosen(it))

    def _lay_out(self) -> None:
        row = WrappingRow(spacing=6)
        insert = QLabel(_(labels.INSERT))
        set_style(insert, TextStyle.SMALL, "text2")
        row.add(insert)
        for text, name, placeholder in (
            (_(labels.MINUTES_LEFT), _(labels.INSERT_MINUTES_LEFT), "{minutes}"),
            (_(labels.VERSION), _(labels.INSERT_VERSION), "{version}"),
            (_(labels.TIME_OF_DISCONNECTION), _(labels.INSERT_TIME_OF_DISCONNECTION), "{time}"),
        ):
            button = Button(text, small=True)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _on=False, it=placeholder: self._insert(it))
            row.add(button)
        row.add_at_end(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._field)
        column.addWidget(row)
