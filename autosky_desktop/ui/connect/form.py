"""The form of a connection: who connects, over which address, with which password."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.endpoint import Protocol, Route
from autosky_desktop.domain.secrets import KeychainState, Scope
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.input.check_box import BOX, GAP, Option
from autosky_desktop.ui.widgets.input.choice import Choice
from autosky_desktop.ui.widgets.input.password_field import PasswordField
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _


class ConnectForm(QWidget):
    """Asks who connects, over which address, with which password.

    `account_changed`: somebody else is meant now; `edited`: something was filled in, or out;
    `copy_asked`: the password is wanted; `console_asked`: the machine's own screen.
    """

    account_changed = Signal()
    edited = Signal()
    copy_asked = Signal()
    console_asked = Signal()

    def __init__(
        self, environment: str, *, to_instance: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.notice, self.present, self.error = KnowFirst(), QLabel(), ErrorBox()
        self.present.setWordWrap(True)
        self.present.hide()
        set_style(self.present, TextStyle.SMALL, "text2")
        self.user = self._make_user()
        self._choices: dict[Route, Choice] = {}
        self._group = QButtonGroup(self)
        self._addresses = QVBoxLayout()
        self._addresses.setSpacing(8)
        self.password = PasswordField()
        self.copy = Button(_(labels.COPY_PASSWORD), "link")
        self.copy.clicked.connect(self.copy_asked)
        self.copy.hide()
        self._console_is, self.console = QLabel(), Button(_(labels.OPEN_CONSOLE), "link")
        self._console_is.setWordWrap(True)
        self.console.clicked.connect(self.console_asked)
        self.offer_console("")
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        set_style(self._hint, TextStyle.SMALL, "text2")
        self.remember = Option(_(labels.REMEMBER_IN_SYSTEM_KEYCHAIN))
        self.remember.box.setEnabled(False)  # until it is known whether there is one
        self._scope = self._make_scope(environment, to_instance=to_instance)
        self._kept = False
        self._arrange()
        self.remember.toggled.connect(lambda _on: self._show_scope())
        for changes in (self.user.editTextChanged, self.password.textChanged):
            changes.connect(lambda _text: self.edited.emit())
        self._group.buttonToggled.connect(lambda _button, _on: self.edited.emit())

    def offer_accounts(self, accounts: Sequence[str], chosen: str) -> None:
        """Offer the accounts that were used before, and the one that the endpoint names."""
        self.user.blockSignals(True)
        self.user.clear()
        self.user.addItems([it for it in dict.fromkeys((chosen, *accounts)) if it])
        self.user.setEditText(chosen)
        self.user.blockSignals(False)
        self._typed.setCursorPosition(0)

    def offer_ways(self, ways: Mapping[Route, tuple[str, str]], missing: Sequence[Route]) -> None:
        """Offer the routes, each by its words and its accessible name; those that are `missing`
        cannot be chosen.
        """
        for way, (text, name) in ways.items():
            choice = Choice(text, name)
            choice.button.setEnabled(way not in missing)
            self._choices[way] = choice
            self._group.addButton(choice.button)
            self._addresses.addWidget(choice)

    def offer_console(self, text: str) -> None:
        """Offer the console, and say what it is; with no text it is not offered."""
        self._console_is.setText(text)
        for widget in (self._console_is, self.console):
            widget.setVisible(bool(text))

    def explain_way(self, way: Route, text: str) -> None:
        self._choices[way].explain(text)

    def choose_way(self, way: Route) -> None:
        self._choices[way].button.setChecked(True)

    def way(self) -> Route | None:
        chosen = (way for way, it in self._choices.items() if it.button.isChecked())
        return next(chosen, None)

    def account(self) -> str:
        return self.user.currentText().strip()

    def scope(self) -> Scope:
        return tuple(Scope)[self._scope.currentIndex()]

    @property
    def remembers(self) -> bool:
        return self.remember.checked()

    @property
    def forgets(self) -> bool:
        """True when somebody who could have it remembered wants it not to be."""
        return self.remember.box.isEnabled() and not self.remember.checked()

    def show_kept(self, kept: bool, where: str) -> None:
        """Show whether a password of this account is remembered, and `where` it serves."""
        self._kept = kept
        if self.remember.box.isEnabled():
            self.remember.set_checked(kept)
            self.remember.set_explanation(where if kept else self._usual)
        self._show_scope()

    def show_keychain(self, state: KeychainState) -> None:
        """Show whether there is a keychain to remember the password in."""
        usable = state in (KeychainState.READY, KeychainState.LOCKED)
        self.remember.box.setEnabled(usable)
        if not usable:
            self.remember.set_checked(False)
        self._usual = {
            KeychainState.READY: _(labels.NOTHING_IS_KEPT_WHEN_OFF),
            KeychainState.LOCKED: _(labels.KEYCHAIN_IS_LOCKED),
            KeychainState.NONE: _(labels.NO_KEYCHAIN),
            KeychainState.BROKEN: _(labels.KEYCHAIN_DOES_NOT_ANSWER),
            KeychainState.PLAIN: _(labels.KEYCHAIN_KEEPS_NOTHING),
            KeychainState.UNUSABLE: _(labels.KEYCHAIN_CANNOT_BE_LOADED),
        }[state]
        self.remember.set_explanation(self._usual)

    _usual = ""

    def hint(self, placeholder: str, text: str = "") -> None:
        """Say what an empty password means, and what is to be known of this client."""
        self.password.setPlaceholderText(placeholder)
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def fits(self, protocol: Protocol, *, needed: bool) -> str:
        """Say what has to be filled in first; empty when it can go on."""
        if not self.account():
            return _(labels.ENTER_USER_NAME)
        if self.way() is None:
            return _(labels.CHOOSE_AN_ADDRESS)
        if needed and not self.password.text() and protocol is not Protocol.SSH:
            return _(labels.ENTER_THE_PASSWORD)
        return ""

    def begin(self) -> None:
        """Set the focus where something is to be typed, and select all of it."""
        if self.account():
            self.password.setFocus()
            self.password.selectAll()
        else:
            self.user.setFocus()

    def _show_scope(self) -> None:
        self._scope.setVisible(self.remember.checked() and not self._kept)

    def _make_user(self) -> Select:
        user = Select()
        self._typed = QLineEdit()
        user.setLineEdit(self._typed)
        user.setInsertPolicy(Select.InsertPolicy.NoInsert)
        self._typed.setCompleter(None)  # type: ignore[arg-type] # it would put in another name
        user.setMaxVisibleItems(8)
        user.setAccessibleName(_(labels.USER))
        self._typed.setAccessibleName(_(labels.USER))
        user.currentTextChanged.connect(lambda _text: self.account_changed.emit())
        return user

    def _make_scope(self, environment: str, *, to_instance: bool) -> Select:
        scope = Select(small=True)
        scope.addItem(_(labels.FOR_THIS_INSTANCE if to_instance else labels.FOR_THIS_SERVER))
        scope.addItem(_(labels.FOR_ALL_OF_ENVIRONMENT).format(environment=environment))
        scope.addItem(_(labels.EVERYWHERE))
        scope.setAccessibleName(_(labels.WHERE_THIS_PASSWORD_IS_USED))
        scope.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        scope.setMinimumContentsLength(24)
        scope.hide()
        return scope

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.notice)
        column.addWidget(self.present)
        column.addLayout(_named(_(labels.USER), self.user))
        address = _named(_(labels.ADDRESS), None)
        address.addLayout(self._addresses)
        address.addWidget(self._console_is)
        address.addWidget(self.console, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(address)
        password = _named(_(labels.PASSWORD), self.password)
        hint = QHBoxLayout()
        hint.addWidget(self._hint, 1)
        hint.addWidget(self.copy)
        password.addLayout(hint)
        column.addLayout(password)
        remember = QVBoxLayout()
        remember.setSpacing(6)
        remember.addWidget(self.remember)
        below = QHBoxLayout()
        below.setContentsMargins(scaled(BOX) + GAP, 0, 0, 0)
        below.addWidget(self._scope)
        below.addStretch(1)
        remember.addLayout(below)
        column.addLayout(remember)
        column.addWidget(self.error)
        self._hint.hide()


def _named(text: str, field: QWidget | None) -> QVBoxLayout:
    name = QLabel(text)
    set_style(name, TextStyle.SMALL, "text2")
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(name)
    if field is not None:
        name.setBuddy(field)
        column.addWidget(field)
    return column


class KnowFirst(QFrame):
    """Tells what to know before one connects; hidden while there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._text, TextStyle.BODY)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel("info", "text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    def tell(self, text: str) -> None:
        self._text.setText(text)
        self.setVisible(bool(text))
