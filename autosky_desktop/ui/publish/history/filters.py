"""The filters of the history: result, model, and what was typed."""

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from autosky_desktop.domain.plan import MODELS, Model
from autosky_desktop.domain.publication import Publication, PublicationState, is_scheduled
from autosky_desktop.domain.searching import plain, words
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.input.search_field import FilterField, offer_to_clear
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.words import publishing, states
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

RESULTS = (PublicationState.SUCCEEDED, PublicationState.FAILED, PublicationState.CANCELLED)
LEAST, MOST = 80, 168
"""Widths: long words give way."""
SETTLE = 200
"""Milliseconds without a key stroke before what was typed is looked for."""


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The part of the history that is looked at.

    None: any. `was_scheduled`: only those that were planned.
    """

    result: str | None = None
    model: str | None = None
    search: str = ""
    was_scheduled: bool = False

    def __bool__(self) -> bool:
        return bool(self.result or self.search)

    def wanted(self) -> dict[str, str]:
        """Return the filter as the control plane is asked for it."""
        asked = {"state": self.result, "model": self.model, "search": self.search or None}
        asked["planned"] = "true" if self.was_scheduled else None
        known = {name: value for name, value in asked.items() if value is not None}
        return {"scheduled": "false", **known}

    def matches(self, run: Publication) -> bool:
        texts = plain(f"{run.note}\n{run.publisher}")
        return (
            not is_scheduled(run)
            and self.result in (None, run.state)
            and self.model in (None, run.plan.model)
            and (not self.was_scheduled or run.scheduled_for is not None)
            and all(it in texts or it == str(run.version) for it in words(self.search))
        )


class HistoryFilters(QWidget):
    """Offers the filters. `changed`: look at another part from now on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search, self._result, self._model = (
            FilterField(),
            Select(small=True),
            Select(small=True),
        )
        self._search.setProperty("small", True)
        self._search.setPlaceholderText(_(labels.FIND))
        self._search.setAccessibleName(_(labels.FIND_A_PUBLICATION))
        self._search.setMinimumWidth(scaled(LEAST))
        self._search.setMaximumWidth(scaled(240))
        offer_to_clear(self._search)
        self._result.name_without_label(_(labels.FILTER_BY_RESULT))
        self._model.name_without_label(_(labels.FILTER_BY_MODEL))
        self._result.addItem(_(labels.ANY_RESULT), None)
        for state in RESULTS:
            self._result.addItem(states.publication_word(state), str(state))
        self._model.addItem(_(labels.ANY_MODEL), None)
        for model in MODELS:
            self._model.addItem(publishing.model(model), str(model))
        self._typed = QTimer(self, interval=SETTLE, singleShot=True)
        self._typed.timeout.connect(self.changed)
        self._search.textChanged.connect(lambda: self._typed.start())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._search, self._result, self._model):
            row.addWidget(widget)
        for select in (self._result, self._model):
            select.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToContents)
            select.setMinimumWidth(scaled(LEAST))
            select.setMaximumWidth(scaled(MOST))
            select.currentIndexChanged.connect(self.changed)

    def filter(self, only: Model | None, *, was_scheduled: bool) -> HistoryFilter:
        """Return the filter that is chosen; `only`: of that model, whatever is chosen."""
        return HistoryFilter(
            result=self._result.currentData(),
            model=str(only) if only else self._model.currentData(),
            search=self._search.text().strip(),
            was_scheduled=was_scheduled,
        )

    def offer_models(self, *, offered: bool) -> None:
        self._model.setVisible(offered)

    def clear(self) -> None:
        with QSignalBlocker(self):
            self._search.clear()
            self._result.setCurrentIndex(0)
            self._model.setCurrentIndex(0)
        self._typed.stop()
        self.changed.emit()
