"""The forms of all models, each made when it is first opened."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.plan import MODELS, Model
from autosky_desktop.domain.publication import Publication
from autosky_desktop.ui.publish.form.form import PublishForm
from autosky_desktop.ui.publish.history.again import AgainLine
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import CONNECT, Dialog
from autosky_desktop.ui.widgets.tabs import Segments
from autosky_desktop.words import publishing as words
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

SCHEDULED = len(MODELS)
"""The tab after those of the models."""


class Forms(QWidget):
    """Shows the form of the model whose tab is chosen.

    `turned`: another tab is shown; `mail_asked`: a mail server is to be set. The other signals are
    those of the form that is shown.
    """

    turned = Signal()
    changed = Signal()
    told_changed = Signal()
    publish_asked = Signal()
    show_asked = Signal()
    mail_asked = Signal()

    def __init__(
        self, now: Callable[[], datetime], time_zone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._time_zone = time_zone
        self._operator = ""
        self._narrow = False
        self._made: dict[int, PublishForm] = {}
        self._again: int | None = None
        self._instances: Sequence[Instance] = ()
        self.again_line = AgainLine()
        self.again_line.left.connect(self.leave_again)
        self.tabs = Segments(*(words.model(it) for it in MODELS), _(labels.SCHEDULED))
        self.tabs.setAccessibleName(_(labels.PUBLISHING_MODEL))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.again_line)
        self.tabs.currentChanged.connect(self._turn)
        self._turn()

    @property
    def shown(self) -> PublishForm:
        return self._made[self.tabs.currentIndex()]

    @property
    def model(self) -> Model | None:
        """The model of the tab that is shown; None: the scheduled ones."""
        index = self.tabs.currentIndex()
        return None if index == SCHEDULED else MODELS[index]

    @property
    def editing(self) -> Publication | None:
        """The scheduled publication that is being changed in the form that is shown."""
        return self.shown.editing

    def begin(self, operator: str) -> None:
        self._operator = operator
        for form in self._made.values():
            form.begin(operator)

    def show_instances(self, instances: Sequence[Instance]) -> None:
        """Offer these to be chosen by name."""
        self._instances = instances
        for form in self._made.values():
            form.hold.show_instances(instances)

    def show_waiting(self, number: int) -> None:
        """Show on the tab how many are scheduled."""
        spoken = _(labels.SCHEDULED_N_WAITING).format(n=number)
        self.tabs.show_count(SCHEDULED, number, spoken)

    def edit(self, run: Publication) -> None:
        """Open a scheduled publication, to be changed."""
        from autosky_desktop.ui.publish.schedule.form import ScheduleForm

        self.leave_again()
        self.tabs.setCurrentIndex(SCHEDULED)
        if isinstance(form := self._made[SCHEDULED], ScheduleForm):
            form.edit(run)

    def publish_again(self, version: int) -> None:
        """Let the forms publish an earlier version; the gentlest model is shown first."""
        self.reset()
        self.tabs.setCurrentIndex(MODELS.index(Model.KEEP))
        self._set_again(version)

    def be_about(self, before: "Forms") -> None:
        """Be about the version that is published again there, or the one that is edited."""
        if run := next((it.editing for it in before._made.values() if it.editing), None):
            self.edit(run)
        elif before._again is not None:
            self._set_again(before._again)

    def leave_again(self) -> None:
        """Let the forms publish what is on the preparation server again."""
        if self._again is not None:
            self._set_again(None)

    def has_edits(self) -> bool:
        return any(form.has_edits() for form in self._made.values())

    def reset(self) -> None:
        for form in self._made.values():
            form.reset()
        self.leave_again()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        for form in self._made.values():
            form.set_narrow(narrow)

    def _set_again(self, version: int | None) -> None:
        self._again = version
        self.again_line.show_version(version)
        for form in self._made.values():
            form.publish_again(version)
        self.changed.emit()

    def _turn(self) -> None:
        index = self.tabs.currentIndex()
        if index not in self._made:
            self._made[index] = self._make(index)
            self._column.addWidget(self._made[index])
        for number, form in self._made.items():
            form.setVisible(number == index)
        before, self._before = self._before, self.shown
        if before and not (before.editing or self.editing):
            self.shown.particulars.take_over(before.particulars)
        self.turned.emit()

    _before: PublishForm | None = None

    def _make(self, index: int) -> PublishForm:
        if index == SCHEDULED:
            from autosky_desktop.ui.publish.schedule.form import ScheduleForm

            form: PublishForm = ScheduleForm(self._now, self._time_zone, self)
        else:
            form = PublishForm(MODELS[index], self._now, self._time_zone, self)
        form.begin(self._operator)
        form.hold.show_instances(self._instances)
        if self._again is not None:
            form.publish_again(self._again)
        form.set_narrow(self._narrow)
        for theirs, ours in (
            (form.changed, self.changed),
            (form.told_changed, self.told_changed),
            (form.publish_asked, self.publish_asked),
            (form.line.show_asked, self.show_asked),
            (form.particulars.mail_asked, self.mail_asked),
        ):
            theirs.connect(ours)
        form.replace_asked.connect(self._replace)
        return form

    def _replace(self, template: str) -> None:
        """Ask before a template takes the place of what somebody typed."""
        question = Dialog(
            self,
            _(labels.REPLACE_YOUR_MESSAGE),
            width=CONNECT,
            acting=_(labels.REPLACE),
            safe=_(labels.KEEP_MINE),
        )
        said = QLabel(_(labels.TYPED_TEXT_IS_REPLACED))
        said.setWordWrap(True)
        set_style(said, TextStyle.BODY)
        question.body.addWidget(said)
        question.acted.connect(lambda: self.shown.fields.fill(template))
        question.finished.connect(question.deleteLater)
        question.open()
