"""The question before an environment is removed, from which its history can be exported first."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.exporting import file_name
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Environment
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.activity.export_button import Exporting, activity_of
from autosky_desktop.ui.publish.history.rows import history_of
from autosky_desktop.ui.question import Act, Question
from autosky_desktop.ui.widgets.notices import Result
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words.environments import removing
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _


class RemovalQuestion(Question):
    """Asks whether to remove an environment. Its two buttons write what would be lost into
    files.
    """

    def __init__(
        self,
        parent: QWidget,
        environment: Environment,
        intents: Intents,
        act: Act,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(parent, environment, removing(environment), act, tasks, now)
        self._result = Result()
        self._result.hide()
        row = WrappingRow(spacing=8)
        for record, source, what, failure in (
            ("activity", activity_of(environment.id, intents), labels.EXPORT_ACTIVITY,
             labels.ACTIVITY_NOT_EXPORTED),
            ("publications", history_of(environment.id, intents), labels.EXPORT_HISTORY,
             labels.HISTORY_NOT_EXPORTED),
        ):  # fmt: skip
            exporting = Exporting(
                source, tasks, dict, partial(_named, record, environment, now), self,
                what=_(what).removesuffix("…"), failure=_(failure),
            )  # fmt: skip
            exporting.button.setText(_(what))
            exporting.news.connect(lambda text: self._result.tell(text, "ok"))
            exporting.failed.connect(lambda text: self._result.tell(text, "bad"))
            row.add(exporting.button)
        self.add_choice(self._result)
        self.add_choice(row)


def _named(record: str, environment: Environment, now: Callable[[], datetime]) -> str:
    return file_name(record, environment.name, now())
