"""The comparison of two publications side by side."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from autosky_desktop.domain.publication import STEPS, Publication, begun
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import DETAILS, Dialog
from autosky_desktop.words import publishing, states
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _, pgettext
from autosky_desktop.words.times import duration_in_words, moment_in_full


class Compare(Dialog):
    """Shows two publications, the older one at the left; what differs is in bold."""

    def __init__(
        self, window: QWidget, one: Publication, other: Publication, now: datetime
    ) -> None:
        older, newer = sorted((one, other), key=begun)
        title = _(labels.VERSIONS_OLDER_AND_NEWER).format(
            older=publishing.version(older), newer=publishing.version(newer)
        )
        super().__init__(window, title, window_title=_(labels.COMPARE_PUBLICATIONS), width=DETAILS)
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        pairs = zip(rows(older, now), rows(newer, now), strict=True)
        for number, ((name, before), (_name, after)) in enumerate(pairs):
            self._add(grid, number, name, before, after)
        self.body.addLayout(grid)
        self.finished.connect(self.deleteLater)

    def _add(self, grid: QGridLayout, row: int, name: str, before: str, after: str) -> None:
        style = TextStyle.BODY if before == after else TextStyle.BODY_STRONG
        label = QLabel(name)
        set_style(label, TextStyle.SMALL, "text2")
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        for column, text in enumerate((before, after), start=1):
            value = QLabel(text or "–")
            value.setWordWrap(True)
            set_style(value, style)
            value.setAccessibleName(f"{name}: {text or '–'}")
            grid.addWidget(value, row, column)


def rows(run: Publication, now: datetime) -> list[tuple[str, str]]:
    """Return what is told of each, under the same names."""
    taken = ""
    if run.started_at:
        taken = duration_in_words(((run.ended_at or now) - run.started_at).total_seconds())
    facts = [
        (_(labels.VERSION), publishing.version(run)),
        (pgettext("moment", labels.START), moment_in_full(begun(run))),
        (_(labels.RESULT), states.publication_look(run)[1]),
        (_(labels.PUBLISHED_BY), run.publisher),
        (_(labels.MODEL), publishing.kind_of(run)),
        (_(labels.OPTIONS), publishing.what_is_chosen(run)),
        (_(labels.PLATFORM_VERSION), run.platform_version or ""),
        (_(labels.NOTE), run.note),
        (_(labels.TOTAL_DURATION), taken),
    ]
    times = {
        it.name: publishing.step_time(it, (), now=now, ended=run.ended) for it in run.steps
    }  # another control plane may tell of fewer steps, or more
    facts += [(states.step_name(name), times.get(name, "")) for name in STEPS]
    return [
        *facts,
        (_(labels.INSTANCES_REPLACED), str(run.instances_replaced)),
        (_(labels.SESSIONS_ENDED), str(run.sessions_ended)),
    ]
