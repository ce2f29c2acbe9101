"""The Optimized model: three options, a note, and the one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from autosky_desktop.domain.plan import NOTE_LENGTH, Options
from autosky_desktop.domain.publication import Preview
from autosky_desktop.ui.publish.impact import ImpactLine
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.option import Option
from autosky_desktop.ui.widgets.tip import tip
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import translate

NOTE_WARNS_FROM = 160
FRESH = Options(block_instances=True, terminate_sessions=False, stop_preparation_server=False)


class OptimizedForm(Card):
    """`changed`: an option moved, so that the preview is asked for anew."""

    changed = Signal()
    publish_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("OptimizedForm", "Optimized publication"),
            translate("OptimizedForm", "Makes a new version and replaces the instances in one run"),
            parent=parent,
        )
        self._block = Option(
            self.tr("Block instances"),
            self.tr("Lets nobody new onto the present instances until the run ends."),
        )
        self._terminate = Option(self.tr("Terminate sessions"), "")
        self._stop = Option(
            self.tr("Stop preparation server"),
            self.tr("For a more consistent image. It stays stopped afterwards."),
        )
        self._note = QLineEdit()
        self._left = QLabel()
        self.line = ImpactLine()
        self._button = Button(self.tr("Publish…"), "primary", icon="upload")
        self._reason = QLabel()
        self._lay_out()
        for option in (self._block, self._terminate, self._stop):
            option.toggled.connect(lambda _on: self.changed.emit())
        self._button.clicked.connect(self.publish_asked)
        self._note.textChanged.connect(self._count_note)
        self.reset()
        self._show_version(None)

    def options(self) -> Options:
        return Options(
            block_instances=self._block.checked(),
            terminate_sessions=self._terminate.checked(),
            stop_preparation_server=self._stop.checked(),
        )

    def note(self) -> str:
        return self._note.text().strip()

    def has_edits(self) -> bool:
        return self.options() != FRESH or bool(self.note())

    def reset(self) -> None:
        """As it is at first: block the instances, end nothing, stop nothing."""
        self._block.set_checked(True)
        self._terminate.set_checked(False)
        self._stop.set_checked(False)
        self._note.clear()

    def set_narrow(self, narrow: bool) -> None:
        self.line.setVisible(narrow)

    def show_preview(self, preview: Preview) -> None:
        self._show_version(preview.version)
        self._explain(preview.sessions_end + preview.sessions_stay)
        self.line.show_preview(preview)

    def allow(self, reason: str) -> None:
        """Free the button, or say beside it why it is off."""
        self._button.setEnabled(not reason)
        self._reason.setText(reason)
        self._button.setToolTip(tip(reason))
        self._button.setAccessibleDescription(reason)

    def show_failure(self, text: str) -> None:
        """What publishing would touch is not known, and so it waits."""
        self.line.show_failure()
        self.allow(text)

    @property
    def first(self) -> QWidget:
        """Where filling it in begins."""
        return self._block.box

    def _show_version(self, version: int | None) -> None:
        if version is None:
            text = self.tr("Publish…")
        else:
            text = self.tr("Publish version {version}…").format(version=version)
        self._button.setText(text)

    def _explain(self, sessions: int) -> None:
        text = self.tr("Ends all sessions at once. Unsaved work is lost and users get no warning.")
        if sessions:
            known = self.tr(
                "Ends {sessions} at once. Unsaved work is lost and users get no warning."
            )
            text = known.format(sessions=counts.sessions(sessions))
        self._terminate.set_explanation(text)

    def _lay_out(self) -> None:
        self.body.setSpacing(12)
        self._explain(0)
        for option in (self._block, self._terminate, self._stop):
            self.body.addWidget(option)
        head = QHBoxLayout()
        label = QLabel(self.tr("Note on this version (optional)"))
        # not a mnemonic of the label: that would be underlined all the time
        keys = QShortcut(QKeySequence("Alt+N"), self)
        keys.activated.connect(self._note.setFocus)
        for text in (label, self._left):
            set_style(text, TextStyle.SMALL, "text2")
        head.addWidget(label, 1)
        head.addWidget(self._left)
        self._note.setPlaceholderText(self.tr("What changed"))
        self._note.setAccessibleName(self.tr("Note on this version"))
        self._note.setMaxLength(NOTE_LENGTH)
        self.body.addLayout(head)
        self.body.addSpacing(-8)
        self.body.addWidget(self._note)
        self.body.addWidget(self.line)
        self.body.addLayout(self._foot())
        self.body.addStretch(1)

    def _foot(self) -> QHBoxLayout:
        self._button.setShortcut("Alt+P")
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setWordWrap(True)
        self._reason.setMinimumWidth(scaled(160))  # however long a single word is
        set_style(self._reason, TextStyle.SMALL, "text2")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._button)
        row.addWidget(self._reason, 1)
        return row

    def _count_note(self, text: str) -> None:
        left = NOTE_LENGTH - len(text)
        say = self.tr("{n} left").format(n=left) if len(text) >= NOTE_WARNS_FROM else ""
        self._left.setText(say)
