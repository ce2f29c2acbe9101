"""The dialog in which an environment is added or changed: four steps, each a page.

Nothing is lost by closing it: whoever opened it keeps the draft. A step does what has to be known
for the next one: it looks, it checks, it saves.
"""

from collections.abc import Awaitable, Callable, Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.actions.environments import AddingStep, EnvironmentDraft, EnvironmentRequests
from autosky_desktop.actions.intents import Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.environments.checks import ChecksPage
from autosky_desktop.ui.environments.pages import MachinesPage, StepPage, WherePage
from autosky_desktop.ui.environments.rules import RulesPage
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import CONFIRM, Dialog
from autosky_desktop.ui.widgets.focus import first_in
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.scrolled import scroll_into_view, scroll_to_top
from autosky_desktop.ui.widgets.tabs import PageTabs
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _

HEIGHT = 600
"""The height of all steps: what does not fit scrolls under the tabs."""
STEPS = tuple(AddingStep)

Load = Callable[[], Awaitable[EnvironmentDraft]]


class EnvironmentDialog(Dialog):
    """Asks for the settings of an environment. `saved` carries it as it was added or changed,
    `begin_again` says that the person wants an empty form.

    `load` returns the draft with the providers that there are; `names` are those of the other
    environments.
    """

    saved = Signal(object)
    begin_again = Signal()

    def __init__(
        self,
        parent: QWidget,
        title: str,
        load: Load,
        requests: EnvironmentRequests,
        tasks: Nursery,
        names: Callable[[], Collection[str]],
    ) -> None:
        super().__init__(
            parent, title, width=CONFIRM, height=HEIGHT, acting=_(labels.LOOK), stays=True
        )
        self._load, self._requests, self._names = load, requests, names
        self._draft: EnvironmentDraft | None = None
        self._order: Order[Environment] | None = None
        self._pages: dict[AddingStep, StepPage] = {}
        self._loading = QLabel(_(labels.LOADING))
        set_style(self._loading, TextStyle.BODY, "text2")
        self.error = ErrorBox()
        self.body.addWidget(self.error)
        self.body.addWidget(self._loading)
        self._tabs = self._make_tabs()
        self._again = Button(_(labels.BEGIN_AGAIN), "quiet")
        self._again.clicked.connect(self.begin_again)
        self._again.hide()
        self.add_at_foot(self._again)
        self.acting.make_room_for(
            *map(_, (labels.LOOKING, labels.CHECKING, labels.ADD, labels.SAVING))
        )
        self.acting.setEnabled(False)
        self._action = AsyncAction(title, self._work, self._failed, tasks, self)
        self._action.busy_changed.connect(self._show_busy)
        self.acted.connect(self._act)
        self.error.again.connect(self._action.trigger)
        self.finished.connect(self._left)
        self._do: Callable[[], Awaitable[None]] = self._begin
        self._doing = _(labels.LOADING)
        self._action.trigger()

    @property
    def step(self) -> AddingStep:
        return STEPS[self._tabs.currentIndex()]

    def turn_to(self, step: AddingStep) -> None:
        self._tabs.setCurrentIndex(STEPS.index(step))

    def reject(self) -> None:
        """Close it, but not while it is being saved: leaving would not take that back."""
        if not (self._action.busy and self._order):
            super().reject()

    def _left(self) -> None:
        self._action.stop()
        self.deleteLater()

    def _make_tabs(self) -> PageTabs:
        tabs = PageTabs()
        for name in (labels.WHERE, labels.MACHINES, labels.NAME_AND_TIMES, labels.CHECK):
            tabs.addTab(_(name))
        tabs.setAccessibleName(_(labels.STEPS))
        tabs.setEnabled(False)
        tabs.currentChanged.connect(self._turned)
        self.add_above_body(tabs)
        return tabs

    async def _begin(self) -> None:
        draft = self._draft = await self._load()
        self._loading.hide()
        rules = RulesPage(draft)  # the first, as it begins a draft in the zone of this computer
        self._pages = {
            AddingStep.WHERE: WherePage(draft),
            AddingStep.MACHINES: MachinesPage(draft),
            AddingStep.RULES: rules,
            AddingStep.CHECK: ChecksPage(draft),
        }
        for page in self._pages.values():
            page.hide()
            page.edited.connect(self._edited)
            self.body.addWidget(page)
        self._tabs.setEnabled(True)
        self.turn_to(draft.step)
        self._turned()

    def _turned(self) -> None:
        draft = self._draft
        if draft is None:
            return
        draft.step = self.step
        self.error.clear()
        for step, page in self._pages.items():
            page.setVisible(step is self.step)
        self._pages[self.step].refresh()
        scroll_to_top(self._pages[self.step])
        self._show_act()
        if not self._tabs.hasFocus() and (first := first_in(self._pages[self.step])):
            first.setFocus()

    def _edited(self) -> None:
        self.error.clear()
        self._order = None
        self._show_act()

    def _show_act(self) -> None:
        """Say on the button what comes next: what is not known yet is looked up first."""
        draft = self._draft
        if draft is None or self._action.busy:
            return
        self._again.setVisible(draft.before is None and draft.touched)
        self.acting.setEnabled(True)
        if self.step in (AddingStep.WHERE, AddingStep.MACHINES):
            self.acting.setText(_(labels.NEXT if draft.found else labels.LOOK))
        elif self.step is AddingStep.CHECK and draft.checked:
            self.acting.setText(_(labels.SAVE if draft.before else labels.ADD))
        else:
            self.acting.setText(_(labels.CHECK))

    def _act(self) -> None:
        draft = self._draft
        if draft is None:
            return
        if self.step in (AddingStep.WHERE, AddingStep.MACHINES):
            first = AddingStep.WHERE if draft.found is None else self.step
            if not self._tells_problem(first):
                self._look_or_go_on(draft)
        elif problem := draft.first_problem(self._names()):
            self._tells_problem(problem)
        elif self.step is AddingStep.CHECK and draft.checked:
            self._start(self._save, _(labels.SAVING if draft.before else labels.ADDING))
        else:
            self._start(self._check, _(labels.CHECKING))

    def _look_or_go_on(self, draft: EnvironmentDraft) -> None:
        if draft.found is None:
            self._start(self._look, _(labels.LOOKING))
        else:
            self.turn_to(STEPS[STEPS.index(self.step) + 1])

    def _tells_problem(self, step: AddingStep) -> bool:
        """Turn to that step if something in it is to be mended, and say what; False if nothing."""
        draft = self._draft
        problems = draft.problems(step, self._names()) if draft else {}
        if not problems:
            return False
        self.turn_to(step)
        self._pages[step].tell(problems)
        return True

    def _start(self, do: Callable[[], Awaitable[None]], doing: str) -> None:
        self._do, self._doing = do, doing
        self._action.trigger()

    async def _work(self) -> None:
        self.error.clear()
        await self._do()

    async def _look(self) -> None:
        if draft := self._draft:
            access = draft.access
            found = await self._requests.find(draft.settings.provider, access)
            draft.take_found(found, access)
            self._go_on(AddingStep.MACHINES if draft.choice_fields else AddingStep.RULES)

    async def _check(self) -> None:
        if draft := self._draft:
            settings = draft.settings
            draft.take_check(await self._requests.check(settings), settings)
            self._go_on(AddingStep.CHECK)

    async def _save(self) -> None:
        if draft := self._draft:
            self._order = self._order or self._requests.save(draft.settings)
            environment = await self._order.send()
            self._order = None
            self.saved.emit(environment)
            self.accept()

    def _go_on(self, step: AddingStep) -> None:
        """Turn to what has just become known."""
        if self.step is step:
            self._turned()
        else:
            self.turn_to(step)

    def _failed(self, cause: Exception) -> None:
        self.error.tell(sentence(cause))
        scroll_into_view(self.error)

    def _show_busy(self, busy: bool) -> None:
        self._tabs.setEnabled(not busy and self._draft is not None)
        for page in self._pages.values():
            page.setEnabled(not busy)
        if busy:
            self.acting.show_busy(self._doing)
        else:
            self.acting.show_ready()
            self.acting.setEnabled(self._draft is not None)
            self._show_act()
