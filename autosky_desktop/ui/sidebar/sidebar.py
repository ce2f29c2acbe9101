"""The sidebar, with the environments: find one, see how each is, open one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.environment import Environment, Me
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.sidebar.environment_list import RECORD, EnvironmentModel
from autosky_desktop.ui.sidebar.environment_view import EnvironmentView
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button, MenuButton, PressedByEnter
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.icons import LOGO, IconLabel, icon
from autosky_desktop.ui.widgets.input.search_field import SearchField
from autosky_desktop.ui.widgets.refreshing import Ticking
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words import counts, names
from autosky_desktop.words.labels import environments
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

WIDE, NARROW = 248, 232
ADD = 24
"""The height of the button that adds an environment, in pixels."""
LONGEST_PAUSE = 24 * 3_600_000
"""Milliseconds; a timer holds no month."""


class Sidebar(QFrame):
    """The window's left side.

    `chosen` carries the id of the environment that a person opens, `favoured` of one that becomes a
    favourite or is none any more, `link_asked` of one whose link is wanted. `add_asked`: another
    environment is wanted; the others carry the id of one to be changed, paused or resumed, removed.
    """

    chosen = Signal(str)
    favoured = Signal(str)
    link_asked = Signal(str)
    add_asked = Signal()
    edit_asked = Signal(str)
    pause_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("region", "sidebar")
        self._now = now
        self._model = EnvironmentModel(now, self)
        self._favourites: frozenset[str] = frozenset()
        self._open = ""
        self.search = self._make_search()
        self._count, self._add = QLabel(), AddButton()
        self._add.clicked.connect(self.add_asked)
        self.list = EnvironmentView(self._model)
        self.list.chosen.connect(self.chosen)
        self.list.link_asked.connect(self.link_asked)
        self.list.menu_asked.connect(self._open_menu)
        self._nothing = NothingFound(self)
        self._nothing.clear.connect(self.search.clear)
        self.account = Account(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._brand())
        column.addWidget(_inset(self.search, 12, 0, 12, 0))
        column.addLayout(self._heading())
        column.addWidget(self._nothing)
        column.addWidget(_inset(self.list, 8, 0, 8, 0), 1)
        column.addWidget(self.account)
        self._ticking = Ticking(self.list, self._tick)
        Wording(self, self._word)

    def _word(self) -> None:
        self._name.setText(_(labels.AUTOSKY_DESKTOP))
        self._title.setText(_(labels.ENVIRONMENTS))
        self.search.setPlaceholderText(_(labels.FIND_AN_ENVIRONMENT))
        self.search.setAccessibleName(_(labels.FIND_AN_ENVIRONMENT))
        self._model.pass_time()
        self._show_count()

    _planned: datetime | None = None
    _confirmed = True
    _ahead = timedelta()

    def apply(self, diff: Diff[Environment]) -> str:
        """Take what changed; returns the id of the environment that stands where the open one
        stood.
        """
        place = self._model.place_of(self._open)
        self._model.apply(diff)
        self._show_count()
        self._say_when_nothing()
        if self._model.next_growth != self._planned:
            self._ticking.now()
        return self._model.nearest(place) if place else ""

    def arrange(self, favourites: Iterable[str], recent: Sequence[str]) -> None:
        """Put these environments first in the list."""
        self._favourites = frozenset(favourites)
        self._model.arrange(self._favourites, recent)

    def choose(self, environment: str) -> None:
        """Mark an environment as the open one."""
        self._open = environment
        self.list.show_open(environment)
        index = self._model.row_of(environment)
        if index.isValid() and index != self.list.currentIndex():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flags)

    def step(self, by: int) -> None:
        """Open the next environment, or with -1 the one before."""
        if rows := self._model.rowCount():
            row = (self._model.row_of(self._open).row() + by) % rows
            self.chosen.emit(self._model.index(row).data(RECORD).id)

    def add_at_foot(self, *buttons: QWidget) -> None:
        """Add buttons beside the account; the Tab key comes to them after the list."""
        before: QWidget = self.list
        for button in buttons:
            self.account.add(button)
            QWidget.setTabOrder(before, button)
            before = button

    def set_menu(self, menu: QMenu) -> None:
        """Set the menu that the button beside the name opens."""
        self.menu_button.setMenu(menu)

    def confirm(self, confirmed: bool, ahead: timedelta) -> None:
        """Show the states as true, or as those that were when the line was lost.

        What is so by time is looked at again when the control plane's clock turns out another.
        """
        if confirmed != self._confirmed:
            self._confirmed = confirmed
            self._model.confirm(confirmed)
        if ahead != self._ahead:
            self._ahead = ahead
            self._ticking.now()

    def _brand(self) -> QHBoxLayout:
        logo, self._name = IconLabel(LOGO, "accent", 22), ElidedLabel()
        self.menu_button = MenuButton()
        set_style(self._name, TextStyle.PANEL)
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 11, 12)
        row.setSpacing(10)
        row.addWidget(logo)
        row.addWidget(self._name, 1)
        row.addWidget(self.menu_button)
        return row

    def _heading(self) -> QHBoxLayout:
        self._title = ElidedLabel()
        for label in (self._title, self._count):
            set_style(label, TextStyle.SMALL, "text3")
        row = QHBoxLayout()
        row.setContentsMargins(16, 5, 13, 2)
        row.addWidget(self._title, 1)
        row.addWidget(self._count)
        row.addWidget(self._add)
        return row

    def _make_search(self) -> QLineEdit:
        search = SearchField(keys.FIND_ENVIRONMENT)
        search.textChanged.connect(self._search)
        search.returnPressed.connect(self._open_first)
        search.left.connect(self._enter_list)
        return search

    def _search(self, text: str) -> None:
        """Search, and mark the open environment: rows that go take the mark to a neighbour, which
        nobody has chosen.
        """
        self._model.search(text)
        self.list.setCurrentIndex(self._model.row_of(self._open))
        self._say_when_nothing()

    def _open_first(self) -> None:
        if self._model.rowCount():
            self.chosen.emit(self._model.index(0).data(RECORD).id)
            self.list.setFocus()

    def _enter_list(self) -> None:
        """Go from the search to what it has found."""
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(0))
        self.list.setFocus()

    def _open_menu(self, environment: str, place: QPoint) -> None:
        # here, as no menu is needed for the first picture of the window
        from autosky_desktop.ui.sidebar.commands import OF_ENVIRONMENT
        from autosky_desktop.ui.widgets.menu import Menu
        from autosky_desktop.words.power import why_offline

        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        known = environment in self._favourites
        record = self._model.row_of(environment).data(RECORD)
        offline = "" if self._confirmed else why_offline()
        for it in OF_ENVIRONMENT:
            if it.after_line:
                menu.addSeparator()
            text = it.text_of(record, favourite=known)
            line = menu.add(_(text), reason=offline if it.asks else "")
            line.triggered.connect(lambda _on=False, it=it: it.do(self, environment))
        menu.popup_inside(place, self.window())

    def open(self, environment: str) -> None:
        self.chosen.emit(environment)

    def favour(self, environment: str) -> None:
        self.favoured.emit(environment)

    def copy_link(self, environment: str) -> None:
        self.link_asked.emit(environment)

    def edit(self, environment: str) -> None:
        self.edit_asked.emit(environment)

    def pause(self, environment: str) -> None:
        self.pause_asked.emit(environment)

    def remove(self, environment: str) -> None:
        self.remove_asked.emit(environment)

    def _tick(self) -> int | None:
        """Look again at what time changes, and once more when the next shutdown comes near."""
        self._model.pass_time()
        self._show_count()
        self._planned = self._model.next_growth
        if self._planned is None:
            return None
        left = (self._planned - self._now()).total_seconds() * 1000
        return min(max(0, round(left)) + 50, LONGEST_PAUSE)

    def _show_count(self) -> None:
        """Show how many environments there are, and how many of them need a person."""
        text = str(self._model.total) if self._model.total else ""
        if self._model.needing:
            text = f"{text} · {counts.need_you(self._model.needing)}"
        if text != self._count.text():
            self._count.setText(text)

    def _say_when_nothing(self) -> None:
        found = self._model.rowCount() > 0
        # the Tab key leads to no empty list, which could show nothing of the focus
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus if found else Qt.FocusPolicy.NoFocus)
        self._nothing.setVisible(not found and bool(self.search.text()))
        self._nothing.say(self.search.text().strip())


class AddButton(PressedByEnter, QToolButton):
    """The button that adds an environment, which makes its line no higher."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "cell")
        self.setIcon(icon("plus"))
        self.setMaximumHeight(scaled(ADD))
        Wording(self, self._word)

    def _word(self) -> None:
        name = _(environments.ADD_ENVIRONMENT)
        self.setAccessibleName(name.removesuffix("…"))
        self.setToolTip(name)


class Account(QFrame):
    """The account: who is at work here, and on which control plane."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("region", "account")
        self._initials, self._name, self._plane = QLabel(), ElidedLabel(), ElidedLabel()
        self._initials.setProperty("region", "initials")
        self._initials.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._initials.setFixedSize(scaled(28), scaled(28))
        self.setMinimumHeight(scaled(56))
        set_style(self._initials, TextStyle.TAG)
        set_style(self._plane, TextStyle.SMALL, "text3")
        grid = QHBoxLayout(self)
        grid.setContentsMargins(14, 12, 12, 12)
        grid.setSpacing(8)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._plane)
        grid.addWidget(self._initials)
        grid.addLayout(texts, 1)
        self._row = grid
        self._me: Me | None = None
        Wording(self, lambda: self.show_account(self._me))

    def add(self, button: QWidget) -> None:
        """Add a button at the right."""
        self._row.addWidget(button)

    def show_account(self, me: Me | None) -> None:
        """Show the account; nothing before it is known, which is no reason to worry anybody."""
        self._me = me
        for label in (self._initials, self._name, self._plane):
            label.setVisible(me is not None)
        if me is None:
            return
        self._initials.setText("".join(part[:1] for part in me.operator.split("-")[:2]).upper())
        self._name.setText(me.operator)
        self._plane.setText(names.plane(me.control_plane))
        spoken = _(labels.ACCOUNT_AT_PLANE)
        self._name.setAccessibleName(
            spoken.format(account=self._name.text(), plane=self._plane.text())
        )


def _inset(widget: QWidget, *margins: int) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(*margins)
    layout.addWidget(widget)
    return frame


class NothingFound(QWidget):
    """Says that no environment matches 'xyz', with a button that clears the search."""

    clear = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.SMALL, "text2")
        button = Button("", "link")
        Wording(button, lambda: button.setText(_(labels.CLEAR)))
        button.clicked.connect(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(self._text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def say(self, search: str) -> None:
        self._text.setText(_(labels.NO_ENVIRONMENT_MATCHES_TEXT).format(text=search))
