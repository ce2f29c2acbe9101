"""A question before an act: what will happen, to whom, and the button that does it.

It stays open until the control plane has answered: a refusal is said in it, with what was asked
still there, and trying again sends the same request.
"""

import re
from collections.abc import Callable, Coroutine, Set
from datetime import datetime
from html import escape
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment, Label
from autosky_desktop.domain.errors import may_be_done
from autosky_desktop.domain.searching import words
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import IconLabel, icon
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import states
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import desktop as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask, Consequence

READING_MS = 2000
"""How long the button waits after the facts have changed."""
OFTEN_MS = 10_000
"""Numbers that go on moving within it do not make the button wait again: where thousands work they
never stand still, and it could not be pressed at all.
"""

Act = Callable[[], Coroutine[Any, Any, None]]


class Question(Dialog):
    """Closes with an answer when the act was accepted, or without one.

    `look` is done before the act; it asks for nothing that would be done, so that it can be left.
    """

    def __init__(
        self,
        parent: QWidget,
        environment: Environment,
        ask: Ask,
        act: Act,
        tasks: Nursery,
        now: Callable[[], datetime],
        look: Act | None = None,
    ) -> None:
        typed = _wants_name(environment, ask)
        super().__init__(
            parent,
            ask.question,
            window_title=ask.window_title,
            kind="destructive" if typed else "primary",
            acting=ask.button,
            safe=ask.safe or _(labels.GO_BACK),
            stays=True,
        )
        self._ask = ask
        self.acting.make_room_for(ask.doing)
        self._environment = environment
        self._typed: QLineEdit | None = None
        self._held = QTimer(self, interval=READING_MS, singleShot=True)
        self._held.timeout.connect(self._check_name)
        self._lately = QTimer(self, interval=OFTEN_MS, singleShot=True)
        self._rows: list[ConsequenceRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.tag.show_label(environment.label, states.label(environment.label))
        self._list_consequences()
        self._naming = QVBoxLayout()
        self.body.addLayout(self._naming)
        if typed:
            self._ask_for_name()
        self.error = ErrorBox()
        self.body.addWidget(self.error)
        self.set_note(ask.note)
        self._action = AsyncAction(ask.button, self._run, self._failed, tasks, self)
        self._send, self._look, self._now = act, look, now
        self.acted.connect(self._action.trigger)
        self.finished.connect(self.deleteLater)
        self._action.busy_changed.connect(self._show_busy)
        self.error.again.connect(self._action.trigger)
        self._check_name()

    def change(self, ask: Ask) -> None:
        """Say the facts that have changed while it is open, and wait until they can be read.

        Who can be hurt only now has the name typed as well; once asked for, it stays so.
        """
        if self._action.busy:
            self._meanwhile = ask
            return
        if ask.done and self._may_be_done:
            self.accept()
            return
        if replace(ask, done=self._ask.done) == self._ask:
            return
        before = {it.text for it in self._ask.consequences}
        counts = _without_numbers(ask) == _without_numbers(self._ask)
        self._ask = ask
        self.set_title(ask.question)
        self.acting.setText(ask.button)
        self.acting.make_room_for(ask.doing)
        self.error.button.hide()  # it would ask for what was true before; what was said stays so
        self._say(ask, {it.text for it in ask.consequences} - before)
        if self._typed is None and _wants_name(self._environment, ask):
            self.set_kind("destructive")
            self._ask_for_name()
        if not (counts and self._lately.isActive()):
            self._held.start()
            self._lately.start()
        self._check_name()

    @property
    def busy(self) -> bool:
        """True while the answer is waited for."""
        return self._action.busy

    def add_choice(self, choice: QWidget) -> None:
        """Add something to choose, beneath what it changes."""
        self._naming.insertWidget(0, choice)

    def chosen(self, ask: Ask) -> None:
        """Show what another choice here means; the person needs no time to read what they did."""
        self._ask = ask
        self._say(ask)
        self._check_name()

    def reject(self) -> None:
        """Close it, but not while it is being asked for: leaving would not take that back."""
        if self._looking:
            self._leaves = True
            self._action.stop()
        elif not self._action.busy:
            super().reject()

    async def _run(self) -> None:
        self.error.clear()
        self._may_be_done = False
        if self._look:
            self._show_looking(True)
            try:
                await self._look()
            finally:
                self._show_looking(False)
        await self._send()
        self.accept()

    def _failed(self, cause: Exception) -> None:
        self._may_be_done = may_be_done(cause)
        self.error.tell(sentence(cause, self._now()))

    def _show_looking(self, looking: bool) -> None:
        self._looking = looking
        self.safe.setEnabled(looking)
        self.set_note(_(labels.ASKING_PROVIDER_FIRST) if looking else self._ask.note)

    def _show_busy(self, busy: bool) -> None:
        if self._leaves:
            super().reject()
            return
        self.safe.setEnabled(not busy)
        if busy:
            self.acting.show_busy(self._ask.doing)
        else:
            self.acting.show_ready()
            self._check_name()
            if self._meanwhile:
                self.change(self._meanwhile)
                self._meanwhile = None

    _meanwhile: Ask | None = None
    _may_be_done = _looking = _leaves = False

    def _list_consequences(self) -> None:
        now, later = (
            _(labels.WHEN_YOU_PRESS_BUTTON_BELOW),
            _(labels.WHEN_THE_TIME_COMES),
        )
        before = QLabel(later if self._ask.later else now)
        set_style(before, TextStyle.BODY, "text2")
        self.body.addWidget(before)
        self.body.addLayout(self._list)
        self._say(self._ask)

    def _say(self, ask: Ask, new: Set[str] = frozenset()) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [ConsequenceRow(it, changed=it.text in new) for it in ask.consequences]
        if ask.reason:
            reason = Consequence("alert-triangle", "warn", escape(ask.reason))
            self._rows.insert(0, ConsequenceRow(reason))
        for row in self._rows:
            self._list.addWidget(row)

    def _ask_for_name(self) -> None:
        name = self._environment.name
        label = QLabel(_(labels.TYPE_NAME_TO_CONFIRM).format(name=escape(name)))
        label.setTextFormat(Qt.TextFormat.RichText)
        set_style(label, TextStyle.SMALL)
        self._typed = QLineEdit()
        self._typed.setAccessibleName(_(labels.TYPE_NAME_TO_CONFIRM_SPOKEN).format(name=name))
        self._typed.textChanged.connect(self._check_name)
        # who has typed the whole name means it; nothing happens while the button is grey
        self._typed.returnPressed.connect(self.acting.click)
        label.setBuddy(self._typed)
        trailing = QLineEdit.ActionPosition.TrailingPosition
        self._right = self._typed.addAction(icon("check", "ok"), trailing)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(1)
        self._naming.addWidget(rule)
        self._naming.addWidget(label)
        self._naming.addWidget(self._typed)
        self._typed.setFocus()

    def _check_name(self) -> None:
        """Allow the act unless something is against it. Case and accents of the typed name do not
        matter: a keyboard may not have them.
        """
        reason = self._ask.reason
        if self._held.isActive() and not reason:
            reason = _(labels.SOMETHING_HAS_CHANGED)
        if self._typed is not None:
            right = words(self._typed.text()) == words(self._environment.name)
            self._right.setVisible(right)
            reason = reason or ("" if right else self._typed.accessibleName())
        self.acting.setEnabled(not reason)
        self.acting.setToolTip(tip(reason))
        self.acting.setAccessibleDescription(reason)


def _without_numbers(ask: Ask) -> list[str]:
    said = (ask.question, ask.button, ask.reason, *(it.text for it in ask.consequences))
    return [re.sub(r"\d+", "", text) for text in said]


def _wants_name(environment: Environment, ask: Ask) -> bool:
    return ask.hurts and Label(environment.label) is Label.PRODUCTION


class ConsequenceRow(QWidget):
    """Shows one consequence: icon, what, and what it means. `changed`: since it was read."""

    def __init__(
        self, consequence: Consequence, parent: QWidget | None = None, *, changed: bool = False
    ) -> None:
        super().__init__(parent)
        text = consequence.text
        if changed:
            text = _(labels.NOW_WHAT).format(what=text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        sign = IconLabel(consequence.icon, consequence.tone)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        first = _paragraph(text, TextStyle.BODY, "")
        plain = QTextDocumentFragment.fromHtml(text).toPlainText()
        first.setAccessibleName(_(labels.CONSEQUENCE_TEXT).format(text=plain))
        texts.addWidget(first)
        if consequence.explanation:
            texts.addWidget(_paragraph(consequence.explanation, TextStyle.SMALL, "text2"))
        row.addLayout(texts, 1)


def _paragraph(text: str, style: TextStyle, tone: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    set_style(label, style, tone)
    return label
