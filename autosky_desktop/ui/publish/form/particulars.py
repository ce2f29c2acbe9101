"""The particulars of every publication: by whom, with what note, and who hears of its end."""

import re
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from autosky_desktop.domain.mail import each_once, is_address
from autosky_desktop.domain.plan import MOST_EMAILS, NOTE_LENGTH, PUBLISHER_LENGTH, Plan
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

NOTE_WARNS_FROM = 160
BETWEEN = re.compile(r"[,;\s]+")
"""What parts addresses: people paste them as they come."""


class Particulars(QObject):
    """Makes the `fields`, for a form to place. `mail_asked`: a mail server is to be set."""

    changed = Signal()
    mail_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._operator = ""
        self._publisher, self._note, self._emails = (
            QLineEdit(parent),
            QLineEdit(parent),
            QLineEdit(parent),
        )
        self._left = QLabel(parent)
        set_style(self._left, TextStyle.SMALL, "text2")
        self._note.setMaxLength(NOTE_LENGTH)
        self._note.setPlaceholderText(_(labels.WHAT_CHANGED))
        self._note.setAccessibleName(_(labels.NOTE_ON_THIS_VERSION))
        self._publisher.setMaxLength(PUBLISHER_LENGTH)
        self._emails.setAccessibleName(_(labels.EMAIL_WHEN_IT_ENDS))
        self._emails.setPlaceholderText("name@example.com")
        self.publisher = Labelled(
            _(labels.PUBLISHER),
            self._publisher,
            hint=_(labels.FROM_YOUR_SIGN_IN),
        )
        self.note = Labelled(_(labels.NOTE_ON_THIS_VERSION_OPTIONAL), self._note, beside=self._left)
        self._unsent = NoMail()
        self._unsent.hide()
        self._unsent.asked.connect(self.mail_asked)
        self.emails = Labelled(
            _(labels.EMAIL_WHEN_IT_ENDS_OPTIONAL), self._emails, instead=self._unsent
        )
        self.fields = (self.publisher, self.note, self.emails)
        # not a mnemonic of the label: that would be underlined all the time
        note = QShortcut(QKeySequence(keys.NOTE), parent)
        note.activated.connect(self._note.setFocus)
        self._connect()

    def publisher_name(self) -> str:
        return self._publisher.text().strip()

    def note_text(self) -> str:
        return self._note.text().strip()

    def suggest_note(self, text: str) -> None:
        """Fill in that note where nobody has noted anything."""
        if not self.note_text():
            self._note.setText(text)

    def take_note_back(self, text: str) -> None:
        """Remove the note that was suggested, unless somebody changed it."""
        if self.note_text() == text:
            self._note.clear()

    def chosen(self) -> dict[str, Any]:
        """Return the part of a Plan that they decide."""
        return {"emails": self._addresses()}

    def _addresses(self) -> tuple[str, ...]:
        return each_once(it for it in BETWEEN.split(self._emails.text()) if it)

    def begin(self, operator: str) -> None:
        """Fill in who is signed in, unless somebody typed another name."""
        if self._publisher.text() in ("", self._operator):
            self._publisher.setText(operator)
        self._operator = operator

    def show_mail(self, *, sends: bool) -> None:
        """Take addresses, or say why there is nothing to take them for."""
        self._emails.setVisible(sends)
        self._unsent.setVisible(not sends)

    def put(self, plan: Plan) -> None:
        """Show what was chosen before."""
        self._emails.setText(", ".join(plan.emails))

    def put_names(self, publisher: str, note: str) -> None:
        self._publisher.setText(publisher)
        self._note.setText(note)

    def reset(self) -> None:
        self.put(Plan())
        self.put_names(self._operator, "")

    def take_over(self, other: "Particulars") -> None:
        """Take over what was typed for another model, unless something stands here."""
        for mine, theirs, empty in (
            (self._note, other._note, ""),
            (self._emails, other._emails, ""),
            (self._publisher, other._publisher, self._operator),
        ):
            if mine.text() == empty != theirs.text():
                mine.setText(theirs.text())
                theirs.setText(empty)

    def problem(self) -> str:
        """Say what has to be mended before it can be published."""
        if self._operator and not self.publisher_name():
            return _(labels.ENTER_WHO_IS_PUBLISHING)
        return self._email_problem()

    def _email_problem(self) -> str:
        for address in self._addresses():
            if not is_address(address):
                return _(labels.NO_EMAIL_CAN_BE_SENT).format(text=address)
        if len(self._addresses()) > MOST_EMAILS:
            return _(labels.AT_MOST_N_ADDRESSES).format(n=MOST_EMAILS)
        return ""

    def _connect(self) -> None:
        self._note.textChanged.connect(self._count)
        for field in (self._publisher, self._note, self._emails):
            field.textChanged.connect(self.changed)
        self._publisher.textChanged.connect(self._check_publisher)
        self._emails.editingFinished.connect(lambda: self.emails.tell(self._email_problem()))
        self._emails.textChanged.connect(self._mend_emails)

    def _check_publisher(self) -> None:
        missing = self._operator and not self.publisher_name()
        self.publisher.tell(_(labels.ENTER_WHO_IS_PUBLISHING) if missing else "")

    def _mend_emails(self) -> None:
        """Take back what is said of a mistake, which is said on leaving, as soon as it is none."""
        if not self._email_problem():
            self.emails.tell("")

    def _count(self, text: str) -> None:
        left = NOTE_LENGTH - len(text)
        say = _(labels.N_LEFT).format(n=left) if len(text) >= NOTE_WARNS_FROM else ""
        self._left.setText(say)


class NoMail(QWidget):
    """Stands instead of the addresses, where no mail server is set. `asked`: one is to be set."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        said, setting = (
            QLabel(_(labels.NO_MAIL_SERVER_IS_SET)),
            Button(_(labels.SET_ONE), "link"),
        )
        set_style(said, TextStyle.BODY, "text2")
        setting.setAccessibleName(_(labels.SET_MAIL_SERVER))
        setting.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(8)
        row.addWidget(said)
        row.addWidget(setting)
        row.addStretch(1)
