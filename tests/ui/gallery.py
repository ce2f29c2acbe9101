"""Every widget in every state, as pictures for the eye: python tests/ui/gallery.py [--dark]"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.store.table import Diff
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.tokens import DARK, LIGHT
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.field import Field
from autosky_desktop.ui.widgets.icons import IconLabel, icon, pixmap
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.label_tag import LabelTag
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.widgets.table.table import END, Column, RecordTable, RecordTableModel
from autosky_desktop.ui.widgets.tabs import PageTabs
from autosky_desktop.ui.widgets.timeline import StepLook, StepTimeline
from autosky_desktop.words.states import StatusKind

RUNNING = StatusKind.OK, "Running"
RESTARTING = StatusKind.BUSY, "Restarting, 42 s"


@dataclass(frozen=True)
class Machine:
    id: str
    public: str | None
    private: str
    look: tuple[StatusKind, str]
    type: str


MACHINES = (
    Machine("DB-ERP-PROD-01", "203.0.113.31", "10.20.0.21", RUNNING, "Database"),
    Machine("DB-ERP-PROD-02", None, "10.20.0.22", RUNNING, "Database replica"),
    Machine("WEB-ERP-PROD-01", "203.0.113.36", "10.20.0.41", RESTARTING, "Web"),
    Machine("ZFILE-ERP-PROD-01", None, "10.20.0.31", (StatusKind.IDLE, "Stopped"), "File"),
)


def preparation() -> Card:
    card = Card("Preparation server", "The base every instance is made from", icon="server")
    actions = QToolButton()
    actions.setText("Actions")
    actions.setIcon(icon("chevron-down"))
    actions.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    actions.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    card.add_action(actions)
    grid = QGridLayout()
    grid.setVerticalSpacing(12)
    texts = (("Server name", "PREP-ERP-PROD-01"), ("Public IP", "203.0.113.24"),
             ("Private IP", "10.20.0.11"), ("Platform version", "12.4.1"))  # fmt: skip
    for place, (label, value) in enumerate(texts):
        field = Field(label, copy=label.endswith("IP"))
        field.show_value(value)
        grid.addWidget(field, place // 3, place % 3)
    status, image = Field("Server status"), Field("Image status")
    status.show_status(*RUNNING)
    grid.addWidget(status, 1, 1)
    grid.addWidget(image, 1, 2)
    for column, stretch in enumerate((37, 33, 30)):
        grid.setColumnStretch(column, stretch)
    card.body.addLayout(grid)
    card.set_strip(strip())
    return card


def strip() -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "strip")
    frame.setProperty("near", True)
    row = QHBoxLayout(frame)
    row.setContentsMargins(16, 9, 12, 9)
    row.setSpacing(12)
    row.addWidget(IconLabel("clock", "warn"))
    text = QLabel("Scheduled shutdown <b>today 19:00 · in 27 min</b>")
    row.addWidget(text, 1)
    for name in ("clock-x", "clock-plus"):
        button = QToolButton()
        button.setProperty("kind", "icon")
        button.setIcon(icon(name))
        row.addWidget(button)
    return frame


def support() -> Card:
    card = Card("Support servers", "Host the database and other services", icon="database")
    count = QLabel("4 servers")
    set_style(count, TextStyle.SMALL, "text2")
    card.add_action(count)
    model: RecordTableModel[Machine] = RecordTableModel(
        (
            Column("Name", lambda it: it.id, kind="name", weight=24),
            Column("Public IP", lambda it: it.public, kind="address", weight=20, missing="None"),
            Column("Private IP", lambda it: it.private, kind="address", weight=19),
            Column("Status", kind="status", status=lambda it: it.look, weight=19),
            Column("Type", lambda it: it.type, weight=17),
            Column("Date", lambda _it: "Fri 20 Nov 19:04", kind="date-info", width=170),
            Column("Duration", lambda _it: "14:22", align=END, width=80),
            Column("", kind="menu", width=52, accessible=lambda it: f"Actions for {it.id}"),
        ),
        order=lambda it: it.id,
    )
    model.apply(Diff(added=MACHINES))
    table = RecordTable(model)
    card.set_table(table)
    table.setCurrentIndex(model.index(1, 0))
    return card


def form() -> Card:
    card = Card("Optimized publication", "Makes a new version and replaces the instances")
    card.body.addWidget(Option("Block instances", "Locks the instances.", checked=True))
    option = Option("Terminate sessions", "Ends all 37 sessions at once. Unsaved work is lost.")
    card.body.addWidget(option)
    row = QHBoxLayout()
    note = QLineEdit()
    note.setPlaceholderText("What changed")
    wrong = QLineEdit("ops@")
    wrong.setProperty("invalid", True)
    choice = Select(small=True)
    choice.addItem("Any result")
    for widget in (note, wrong, choice):
        row.addWidget(widget)
    card.body.addLayout(row)
    row, below = QHBoxLayout(), QHBoxLayout()
    waiting = Button("Publish version 43…", "primary", icon="upload")
    waiting.setEnabled(False)
    for place, button in enumerate((
        Button("Publish version 43…", "primary", icon="upload"), waiting,
        Button("Force provider update", icon="refresh"), Button("Stop publication…", small=True),
        Button("Export…", "quiet", small=True), Button("End 37 sessions", "destructive"),
        Button("Show all", "link"),
    )):  # fmt: skip
        (row if place < 4 else below).addWidget(button)
    for line in (row, below):
        line.addStretch(1)
        card.body.addLayout(line)
    box = ErrorBox()
    card.body.addWidget(box)
    box.tell("The server was not started: the provider refused it. Nothing was changed.")
    return card


def run(*, failed: bool = False, compact: bool = False) -> Card:
    card = Card("Publishing version 42", "Started 18:42:05 by ops-admin · Optimized")
    pill = StatusPill()
    pill.show_status(StatusKind.BUSY, "Step 4 of 6")
    card.add_beside_title(pill)
    card.add_action(Button("Stop publication…", small=True))
    timeline = StepTimeline(compact=compact)
    last = ("failed", "cancelled", "pending") if failed else ("running", "pending", "pending")
    names = ("Initial validation", "Stop preparation server", "Image creation", "Model creation",
             "Instance replacement", "Finalization")  # fmt: skip
    times = ("Done · 0:41", "Skipped, not asked for", "Done · 6:10", "1:16 of about 1:40",
             "About 7 min", "About 30 s")  # fmt: skip
    states = ("succeeded", "skipped", "succeeded", *last)
    timeline.show_steps(
        [StepLook(*it, fraction=0.76) for it in zip(names, states, times, strict=True)]
    )
    card.body.addWidget(timeline)
    return card


def pills() -> QWidget:
    frame = QWidget()
    rows = QVBoxLayout(frame)
    rows.setContentsMargins(0, 0, 0, 0)
    row, below = QHBoxLayout(), QHBoxLayout()
    rows.addLayout(row)
    rows.addLayout(below)
    words = ("Running", "Stopped", "Starting, 42 s", "Stops 18:50", "Failed", "Not reachable")
    for kind, word in zip(StatusKind, words, strict=True):
        for soft in (True, False):
            pill = StatusPill(soft=soft)
            pill.show_status(kind, word)
            row.addWidget(pill)
    row.addStretch(1)
    row = below
    for label, word in (("production", "Production"), ("staging", "Staging"), ("x", "Demo")):
        tag = LabelTag()
        tag.show_label(label, word)
        row.addWidget(tag)
    logo = QLabel()
    logo.setPixmap(pixmap("logo", 22, tone="accent"))
    row.addWidget(logo)
    row.addStretch(1)
    return frame


def tabs() -> QWidget:
    frame = QWidget()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    for look in ("page", "segment"):
        bar = PageTabs() if look == "page" else QTabBar()
        bar.setProperty("look", look)
        bar.setDrawBase(False)
        bar.setExpanding(False)
        for name in ("Servers", "Publish", "Activity"):
            bar.addTab(name)
        row.addWidget(bar)
    row.addStretch(1)
    return frame


def page() -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 24)
    banner = Banner()
    column.addWidget(banner)
    banner.tell("Not connected since 18:21:40.", "Values are from then.", button="Try now")
    banner.show_side("Trying again in 12 s")
    inner = QVBoxLayout()
    inner.setContentsMargins(24, 8, 24, 0)
    inner.setSpacing(14)
    for part in (tabs(), pills(), preparation(), support(), form(), run(), run(failed=True),
                 run(compact=True)):  # fmt: skip
        inner.addWidget(part)
    column.addLayout(inner)
    window.setFixedWidth(1032)
    return window


def question(window: QWidget) -> Dialog:
    dialog = Dialog(
        window, "Publish version 42 to ERP Production?", window_title="Confirm publication",
        kind="destructive", acting="Publish and end 37 sessions", safe="Go back",
    )  # fmt: skip
    dialog.tag.show_label("production", "Production")
    dialog.set_note("Publishing as ops-admin")
    for text in ("37 sessions end at once.", "4 instances are replaced one after another."):
        dialog.body.addWidget(QLabel(text))
    dialog.body.addWidget(QLineEdit("ERP Production"))
    return dialog


def menu(window: QWidget) -> Menu:
    lines = Menu(window)
    lines.add("Start server…", "play", reason="Already running")
    lines.add("Publish new version", "upload")
    lines.addSeparator()
    lines.add("Connect as…", "monitor")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--light", action="store_true")
    asked = parser.parse_args()
    app = QApplication([sys.argv[0], *theme.ARGUMENTS])
    theme.install(app).wear(DARK if asked.dark else LIGHT)
    name, build = ("dark" if asked.dark else "light"), Path("build")
    build.mkdir(exist_ok=True)
    window = page()
    window.show()
    app.processEvents()
    window.grab().save(str(build / f"gallery-{name}.png"))
    dialog, lines = question(window), menu(window)
    dialog.open()
    lines.popup(QPoint(10, 10))
    lines.setActiveAction(lines.actions()[1])
    app.processEvents()
    shown = QPixmap(window.size())
    window.render(shown)
    painter = QPainter(shown)
    painter.drawPixmap(220, 200, dialog.grab())
    painter.drawPixmap(30, 60, lines.grab())
    painter.end()
    shown.copy(0, 0, 1032, 700).save(str(build / f"gallery-dialog-{name}.png"))


if __name__ == "__main__":
    main()
