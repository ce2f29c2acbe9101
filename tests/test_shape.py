"""The code keeps the shape it was drawn with, and every rule is shown something that breaks it."""

from pathlib import Path

import pytest

from tests.support import shape, worded
from tests.support.shape import Rule, Source

ROOT = Path(__file__).parent.parent
SOURCES = shape.read(ROOT, ("autosky_desktop", "tests", "packaging"))
DOCUMENTS = [
    Source(name, (ROOT / name).read_text("utf-8")) for name in ("README.md", "CONTRIBUTING.md")
]

RULES = [
    shape.files_are_short,
    shape.lines_are_short,
    shape.definitions_are_short,
    shape.names_say_what_is_inside,
    shape.catch_alls_are_few,
    shape.no_loop_runs_inside_the_loop,
    shape.what_paints_is_guarded,
    shape.colours_have_names,
    shape.clocks_are_read_in_one_place,
    shape.imports_make_no_knots,
    shape.small_modules_say_why,
    shape.class_names_mean_one_thing,
    shape.nothing_waits_to_be_wired,
    shape.docstrings_are_sentences,
    worded.texts_can_be_gathered,
    worded.nothing_else_is_called_like_the_marker,
    worded.texts_keep_their_letters,
    worded.texts_are_in_words,
]

WINDOW = "autosky_desktop/ui/window.py"
SMALL = "autosky_desktop/server/db/clock.py"
GUARD = "autosky_desktop/domain/guard.py"
MARKER = "from autosky_desktop.words.language import _\n"
CATCH_ALL = "try:\n    pass\nexcept {}:\n    pass\n"

BREACHES = [
    (shape.files_are_short, WINDOW, "pass\n" * 401),
    (shape.lines_are_short, WINDOW, "#" * 101),
    (shape.definitions_are_short, WINDOW, "class Wide:\n" + "    x = 1\n" * 250),
    (shape.definitions_are_short, WINDOW, "def long():\n" + "    pass\n" * 50),
    (shape.definitions_are_short, WINDOW, "async def long():\n" + "    pass\n" * 50),
    (shape.names_say_what_is_inside, "autosky_desktop/ui/utils.py", ""),
    (shape.names_say_what_is_inside, "autosky_desktop/helpers/text.py", ""),
    (shape.names_say_what_is_inside, "autosky_desktop/system/nt.py", ""),
    (shape.catch_alls_are_few, "autosky_desktop/client/feed.py", CATCH_ALL.format("Exception")),
    (shape.catch_alls_are_few, "autosky_desktop/app.py", "try:\n    pass\nexcept:\n    pass\n"),
    (shape.catch_alls_are_few, WINDOW, CATCH_ALL.format("Exception")),
    (shape.catch_alls_are_few, GUARD, 2 * CATCH_ALL.format("Exception")),
    (shape.catch_alls_are_few, "tests/test_x.py", CATCH_ALL.format("(OSError, BaseException)")),
    (shape.no_loop_runs_inside_the_loop, WINDOW, "dialog.exec()"),
    (shape.no_loop_runs_inside_the_loop, WINDOW, "QMessageBox.question(self, 'Stop?')"),
    (shape.no_loop_runs_inside_the_loop, WINDOW, "QtWidgets.QFileDialog.getOpenFileName()"),
    (shape.no_loop_runs_inside_the_loop, "autosky_desktop/app.py", "app.processEvents()"),
    (shape.no_loop_runs_inside_the_loop, WINDOW, "@asyncSlot()\nasync def go(self): ..."),
    (shape.what_paints_is_guarded, WINDOW, "class W:\n    def paintEvent(self, event): ..."),
    (shape.what_paints_is_guarded, WINDOW, "class D:\n    @override\n    def paint(self, to): ..."),
    (shape.colours_have_names, WINDOW, "colour = '#2258C7'"),
    (shape.colours_have_names, WINDOW, "style = f'border: 1px solid #fff; {more}'"),
    (shape.colours_have_names, "autosky_desktop/ui/theme/sheet.py", "x = 'rgba(0, 0, 0, .5)'"),
    (shape.clocks_are_read_in_one_place, WINDOW, "now = datetime.now(UTC)"),
    (shape.clocks_are_read_in_one_place, "autosky_desktop/flows/remind.py", "time.monotonic()"),
    (shape.clocks_are_read_in_one_place, "autosky_desktop/server/api.py", "dt.datetime.now()"),
    (shape.clocks_are_read_in_one_place, WINDOW, "from time import monotonic"),
    (shape.clocks_are_read_in_one_place, WINDOW, "QDateTime.currentDateTime()"),
    (shape.small_modules_say_why, SMALL, "'''Where the time comes from.'''"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.say: Say = lambda _title: None"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.sessions = lambda _server: ()"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.done: Callable[[], None] | None = None"),
    (shape.nothing_waits_to_be_wired, WINDOW, "class W:\n    link = staticmethod(lambda run: '')"),
    (
        shape.nothing_waits_to_be_wired,
        WINDOW,
        "def idle():\n    '''Wait.'''\nclass W:\n    def f(self):\n        self.tell = idle",
    ),
    (shape.docstrings_are_sentences, GUARD, "'''An error; it is met.'''"),
    (shape.docstrings_are_sentences, GUARD, "'''Errors: how they are met.'''"),
    (shape.docstrings_are_sentences, WINDOW, "'''Of the window.'''"),
    (shape.docstrings_are_sentences, GUARD, "'''From the step that failed.'''"),
    (shape.docstrings_are_sentences, GUARD, "class Way:\n    '''What the person has chosen.'''"),
    (shape.docstrings_are_sentences, GUARD, "class Hop:\n    '''`own` is one of ours, or none.'''"),
    (shape.docstrings_are_sentences, GUARD, "def f():\n    '''As the model says it.'''"),
    (shape.docstrings_are_sentences, GUARD, "def f():\n    '''Its answer; None: it has none.'''"),
    (shape.docstrings_are_sentences, GUARD, "async def f():\n    '''The cells of a table.'''"),
    (shape.docstrings_are_sentences, "tests/support/x.py", "def f():\n    '''Raises OSError.'''"),
    (worded.texts_can_be_gathered, WINDOW, "f'{server}: {_(\"Stopped\")}'"),
    (worded.nothing_else_is_called_like_the_marker, WINDOW, f"{MARKER}for _ in range(2): ..."),
    (worded.nothing_else_is_called_like_the_marker, WINDOW, f"{MARKER}lambda _: None"),
    (worded.texts_keep_their_letters, WINDOW, "setText(_(labels.STEP).lower())"),
    (worded.texts_are_in_words, WINDOW, "title = _('Servers')"),
    (worded.texts_are_in_words, WINDOW, "label = QLabel('Servers')"),
    (worded.texts_are_in_words, WINDOW, "text = f'The server {name} was not started.'"),
]

KNOTS = [
    ("from autosky_desktop.b import B", "from autosky_desktop.a import A"),
    ("import autosky_desktop.b", "from autosky_desktop import a"),
    (
        "if TYPE_CHECKING:\n    from autosky_desktop.b import B",
        "def f():\n    import autosky_desktop.a",
    ),
]

ALLOWED = [
    (shape.catch_alls_are_few, GUARD, CATCH_ALL.format("Exception")),
    (shape.colours_have_names, "autosky_desktop/ui/theme/tokens.py", "accent = '#2258C7'"),
    (shape.colours_have_names, WINDOW, "'''Mended in #176.'''"),
    (shape.no_loop_runs_inside_the_loop, WINDOW, "dialog.open()"),
    (shape.what_paints_is_guarded, WINDOW, "class W:\n    @painting\n    def paint(self, to): ..."),
    (shape.clocks_are_read_in_one_place, "autosky_desktop/system/clock.py", "time.monotonic()"),
    (shape.clocks_are_read_in_one_place, "autosky_desktop/server/db/clock.py", "datetime.now(UTC)"),
    (shape.small_modules_say_why, SMALL, "'''Time.\n\nApart, as others take it.'''"),
    (shape.small_modules_say_why, SMALL, "x = 1\n" * 40),
    (shape.small_modules_say_why, WINDOW, ""),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.tell = tell"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self._clicked = lambda: None"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.page: Page | None = None"),
    (shape.nothing_waits_to_be_wired, WINDOW, "self.now = lambda: store.now()"),
    (
        shape.nothing_waits_to_be_wired,
        WINDOW,
        "@dataclass\nclass Column:\n    text: Callable[[R], str] = lambda _record: ''",
    ),
    (shape.docstrings_are_sentences, GUARD, "'''`autosky` as a command.'''\nx = 1"),
    (shape.docstrings_are_sentences, GUARD, "'''The gate: who is let in.'''"),
    (shape.docstrings_are_sentences, GUARD, "class Way:\n    '''The way there. `own`: ours.'''"),
    (shape.docstrings_are_sentences, GUARD, "def f():\n    '''Return its answer.'''"),
    (shape.docstrings_are_sentences, GUARD, "@property\ndef f(s):\n    '''The time it ends.'''"),
    (shape.docstrings_are_sentences, GUARD, "def test_f():\n    '''A line would pass for it.'''"),
    (shape.docstrings_are_sentences, "tests/ui/x.py", "'''Of the window.'''"),
    (worded.texts_can_be_gathered, WINDOW, "f'{_(known)}: {name}'; _('Stopped')"),
    (worded.nothing_else_is_called_like_the_marker, WINDOW, "for _ in range(2): ..."),
    (worded.texts_keep_their_letters, WINDOW, "name.casefold(); text[:1].upper()"),
    (worded.texts_keep_their_letters, "autosky_desktop/system/x11.py", "name.lower()"),
    (worded.texts_are_in_words, "autosky_desktop/words/servers.py", "TITLE = N_('Servers')"),
    (worded.texts_are_in_words, WINDOW, "log.info('The server was not started.')"),
    (worded.texts_are_in_words, WINDOW, "QLabel(_(labels.SERVERS)); QLabel('name@example.com')"),
]


def rule_and_place(case: object) -> str | None:
    return getattr(case, "__name__", None)


def test_only_modules_of_the_program_with_few_lines_are_crumbs() -> None:
    small, whole = "x = 1\n" * 59, "x = 1\n" * 60
    given = {
        GUARD: small,
        WINDOW: whole,
        "autosky_desktop/ui/__init__.py": small,
        "tests/test_x.py": small,
    }
    assert shape.small_modules([Source(path, text) for path, text in given.items()]) == [GUARD]


@pytest.mark.parametrize("rule", RULES, ids=rule_and_place)
def test_the_code_keeps_its_shape(rule: Rule) -> None:
    breaches = list(rule(SOURCES))
    assert not breaches, "\n".join(["", *breaches])


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES, ids=rule_and_place)
def test_a_breach_is_found(rule: Rule, path: str, text: str) -> None:
    found = list(rule([Source(path, text)]))
    assert len(found) == 1
    assert path in found[0]


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED, ids=rule_and_place)
def test_what_is_allowed_is_left_alone(rule: Rule, path: str, text: str) -> None:
    assert list(rule([Source(path, text)])) == []


@pytest.mark.parametrize(("a", "b"), KNOTS)
def test_a_knot_of_imports_is_found(a: str, b: str) -> None:
    c = "from autosky_desktop.a import A"
    sources = [
        Source(f"autosky_desktop/{it}.py", text) for it, text in zip("abc", (a, b, c), strict=True)
    ]
    assert list(shape.imports_make_no_knots(sources)) == [
        "autosky_desktop/a.py, autosky_desktop/b.py import each other"
    ]
    assert list(shape.imports_make_no_knots([sources[0], sources[2]])) == []


def test_a_name_of_two_classes_is_found() -> None:
    one = Source("autosky_desktop/a.py", "class Thing: ...\nclass _Own: ...")
    two = Source("autosky_desktop/b.py", "class Thing: ...\nclass _Own: ...")
    assert list(shape.class_names_mean_one_thing([one, two])) == [
        "Thing is 2 things: autosky_desktop/a.py, autosky_desktop/b.py"
    ]


def test_every_file_that_a_document_names_is_there() -> None:
    beside = [it for it in (*ROOT.glob("*"), *(ROOT / "packaging").rglob("*")) if it.is_file()]
    others = [it.relative_to(ROOT).as_posix() for it in (*beside, *ROOT.glob("tests/**/*.toml"))]
    files = [it.path for it in SOURCES] + others
    breaches = list(shape.named_files_exist(DOCUMENTS, files))
    assert not breaches, "\n".join(["", *breaches])


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("domain/gone.py", 1),
        ("other/guard.py", 1),
        ("ard.py", 1),
        ("gone.sh", 1),
        ("gone.spec", 1),
        ("gone.toml", 1),
        ("domain/guard.py", 0),
        ("guard.py", 0),
    ],
)
def test_a_file_that_is_gone_is_found(named: str, found: int) -> None:
    document = Source("README.md", f"One.\nSee `{named}` of it.")
    breaches = list(shape.named_files_exist([document], [GUARD]))
    assert breaches == found * [f"README.md:2 names {named}, which is not there"]


def test_every_rule_is_shown_a_breach() -> None:
    shown = {rule for rule, _, _ in BREACHES}
    assert shown | {shape.imports_make_no_knots, shape.class_names_mean_one_thing} == set(RULES)
