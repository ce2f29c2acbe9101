"""The rules of shape: each takes source files and names, one line a time, what breaks it."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

FILE_LINES, CLASS_LINES, FUNCTION_LINES, LINE_WIDTH = 400, 250, 50, 100
SMALL = 40
CRUMB = 60
"""Lines below which a module is a crumb. The program is to have 60 of those at most."""

FORBIDDEN_NAMES = re.compile(r"utils?|helpers?|commons?|cores?|managers?|nt")
"""Drawers for anything, and `nt`, which pathlib takes for Windows' and libshiboken aborts on."""

BOUNDARIES = {
    "autosky_desktop/actions/connect/connecting.py": "a defect ends its connection and is said",
    "autosky_desktop/domain/guard.py": "ends one operation of many and logs why",
    "autosky_desktop/flows/follow.py": "a defect breaks the line, which says so and is tried again",
    "autosky_desktop/server/mail/smtp.py": "whoever waits for a letter hears that it failed",
    "autosky_desktop/server/activity/log.py": "what met a defect is recorded as failed",
    "autosky_desktop/server/publications/workflow/steps.py": "a defect fails its publication",
    "autosky_desktop/system/connect/system_keychain.py": "a keychain fails as its maker likes",
    "autosky_desktop/ui/widgets/async_action.py": "a defect is told beside its button",
    "autosky_desktop/ui/widgets/painting.py": "a defect leaves a place blank: Qt ends the process",
}
"""Files that may catch everything, once each, and what an error nobody foresaw ends there."""

PACKAGE = "autosky_desktop/"
SERVER = "autosky_desktop/server/"

NESTED_LOOPS = {"exec", "exec_", "processEvents", "asyncSlot", "asyncClose"}
FIRST_LOOP = ("autosky_desktop/ui/application.py", "exec")
"""Paints the window before there is any coroutine; the one loop of Qt's own that runs."""
STATIC_DIALOGS = {"QMessageBox", "QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog"}
STATIC_STARTS = ("about", "critical", "get", "information", "question", "warning")

CLOCKS = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "QDateTime": {"currentDateTime", "currentDateTimeUtc", "currentMSecsSinceEpoch"},
    "QDate": {"currentDate"},
    "QTime": {"currentTime"},
}

COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\brgba?\(", re.IGNORECASE)

DESCRIBED = (PACKAGE, "tests/bench/", "tests/mutants/", "tests/support/")
"""Where docstrings are sentences; a folder is added when all of its are."""

FRAGMENTS = re.compile(
    r"about|above|after|against|along|although|among|and|around|as|at|because|before|behind|"
    r"below|beside|besides|between|beyond|but|by|despite|during|except|for|from|how|if|in|inside|"
    r"into|like|near|neither|no|nobody|none|nor|not|nothing|of|off|on|once|only|onto|or|out|"
    r"outside|over|per|raises|since|so|than|though|through|till|to|toward|towards|under|unless|"
    r"until|upon|what|whatever|when|whenever|where|wherever|whether|which|while|who|whoever|whom|"
    r"whose|why|with|within|without"
)
"""Words with which half a sentence begins: the reader has to find the other half in the code."""

THINGS = re.compile(
    r"a|all|an|any|each|every|everything|it|its|one|some|somebody|something|that|the|these|this|"
    r"those"
)
"""Words with which a thing is named: a function returns it, finds it, waits for it."""

NAMED_FILE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|sh|spec|toml))`")
"""A file as README and CONTRIBUTING name it, with or without its first folders."""


@dataclass(frozen=True)
class Source:
    """A Python file; `path` is relative to the repository, in POSIX spelling."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


Sources = list[Source]
Rule = Callable[[Sources], Iterator[str]]


def read(root: Path, folders: tuple[str, ...]) -> Sources:
    found = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return [Source(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in found]


def files_are_short(sources: Sources) -> Iterator[str]:
    for source in sources:
        if (lines := len(source.text.splitlines())) > FILE_LINES:
            yield f"{source.path} has {lines} lines"


def lines_are_short(sources: Sources) -> Iterator[str]:
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), 1):
            if len(line) > LINE_WIDTH:
                yield f"{source.path}:{number} is {len(line)} wide"


def definitions_are_short(sources: Sources) -> Iterator[str]:
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                limit = CLASS_LINES
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                limit = FUNCTION_LINES
            else:
                continue
            if (lines := (node.end_lineno or 0) - node.lineno + 1) > limit:
                yield source.at(node, f"{node.name} has {lines} lines")


def names_say_what_is_inside(sources: Sources) -> Iterator[str]:
    for source in sources:
        for part in source.path.removesuffix(".py").split("/"):
            if FORBIDDEN_NAMES.fullmatch(part.strip("_")):
                yield f"{source.path}: nothing is called {part}"


def catch_alls_are_few(sources: Sources) -> Iterator[str]:
    """Allow catching everything at the boundaries alone, and once in each."""
    left = set(BOUNDARIES)
    for source in sources:
        for node in source.nodes:
            if not (isinstance(node, ast.ExceptHandler) and _catches_all(node)):
                continue
            if source.path in left:
                left.remove(source.path)
            else:
                yield source.at(node, "catches everything")


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or _name(kind) in {"Exception", "BaseException"} for kind in caught)


def no_loop_runs_inside_the_loop(sources: Sources) -> Iterator[str]:
    """Forbid nested Qt loops: they lose the wake-ups of other tasks, which hang for ever."""
    for source in _of_the_window(sources):
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and (
                (node.attr in NESTED_LOOPS and (source.path, node.attr) != FIRST_LOOP)
                or (_name(node.value) in STATIC_DIALOGS and node.attr.startswith(STATIC_STARTS))
            ):
                yield source.at(node, f"{node.attr} runs a loop of its own")
            elif isinstance(node, ast.Name) and node.id in NESTED_LOOPS:
                yield source.at(node, f"{node.id} runs a loop of its own")


def what_paints_is_guarded(sources: Sources) -> Iterator[str]:
    """Demand @painting: an error in `paint` or `paintEvent` would end the process."""
    for source in _of_the_window(sources):
        for node in source.nodes:
            paints = isinstance(node, ast.FunctionDef) and node.name in {"paint", "paintEvent"}
            if paints and "painting" not in map(_name, node.decorator_list):
                yield source.at(node, f"{node.name} is not @painting")


def colours_have_names(sources: Sources) -> Iterator[str]:
    for source in _of_the_window(sources):
        if source.path == "autosky_desktop/ui/theme/tokens.py":
            continue
        prose = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
        for node in source.nodes:
            word = node.value if isinstance(node, ast.Constant) and id(node) not in prose else None
            if isinstance(word, str) and COLOUR.search(word):
                yield source.at(node, "spells a colour")


def clocks_are_read_in_one_place(sources: Sources) -> Iterator[str]:
    for source in sources:
        package, _, rest = source.path.partition("/")
        layer = rest.split("/")[0]
        may = layer in {"system", "server"} and "clock" in rest.removesuffix(".py").split("/")
        if package != "autosky_desktop" or may:
            continue
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS.get(_name(node.value), ()):
                yield source.at(node, f"reads the clock: {node.attr}")
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                for alias in node.names:
                    if alias.name in CLOCKS["time"]:
                        yield source.at(node, f"reads the clock: {alias.name}")


def imports_make_no_knots(sources: Sources) -> Iterator[str]:
    """Forbid modules to import each other, even for types alone or inside a function."""
    modules = {_module(source): source for source in sources if source.path.startswith(PACKAGE)}
    imported = {name: _imported(source, modules) for name, source in modules.items()}
    reached = {name: _reached(name, imported) for name in imported}
    knots = {frozenset(it for it in reached[name] if name in reached[it]) for name in imported}
    for knot in sorted(sorted(it) for it in knots if it):
        yield f"{', '.join(modules[it].path for it in knot)} import each other"


def _module(source: Source) -> str:
    return source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(source: Source, modules: Container[str]) -> set[str]:
    """Return the names of the modules of ours that are imported anywhere in this one."""
    found = set[str]()
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {it if it in modules else node.module for it in wanted}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {it for it in found if it in modules}


def _reached(name: str, imported: Mapping[str, set[str]]) -> set[str]:
    """Return the modules that this one needs, and those that they need."""
    found, left = set[str](), {name}
    while left:
        more = {it for one in left for it in imported[one]} - found
        found |= more
        left = more
    return found


def small_modules_say_why(sources: Sources) -> Iterator[str]:
    """Demand a second paragraph in the docstring of a short module of the control plane that serves
    only one other, which says why it stands alone.
    """
    modules = {_module(source): source for source in sources if source.path.startswith(PACKAGE)}
    served = Counter(it for source in modules.values() for it in _imported(source, modules))
    for name, source in modules.items():
        ours = source.path.startswith(SERVER) and not source.path.endswith("__init__.py")
        small = len(source.text.splitlines()) < SMALL and served[name] < 2
        if ours and small and "\n\n" not in (ast.get_docstring(source.tree) or ""):
            yield f"{source.path} is short and serves {served[name]}: it does not say why"


def small_modules(sources: Sources) -> list[str]:
    """Return the paths of the program's modules that are crumbs, the packages' own aside."""
    ours = (source for source in sources if source.path.startswith(PACKAGE))
    modules = (source for source in ours if not source.path.endswith("/__init__.py"))
    return [source.path for source in modules if len(source.text.splitlines()) < CRUMB]


def spelt(option: str, sources: Sources) -> list[str]:
    """Return the paths of the program's modules that spell an option, in code or in a label's name;
    migrations, which tell of what was, are no part of what it costs.
    """
    ours = (it for it in sources if it.path.startswith(PACKAGE) and "/migrations/" not in it.path)
    return [it.path for it in ours if option in it.text.lower()]


def class_names_mean_one_thing(sources: Sources) -> Iterator[str]:
    """Demand that no two public classes have one name, whichever modules they are in."""
    places = defaultdict[str, list[str]](list)
    for source in sources:
        for node in source.tree.body if source.path.startswith(PACKAGE) else ():
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(source.path)
    for name, paths in sorted(places.items()):
        if len(paths) > 1:
            yield f"{name} is {len(paths)} things: {', '.join(paths)}"


def nothing_waits_to_be_wired(sources: Sources) -> Iterator[str]:
    """Forbid public attributes that do nothing when called, until somebody sets them from outside.

    Whoever forgets to is told by nobody: an argument of the constructor is asked for, and a signal
    says that it may have no listener.
    """
    for source in sources:
        idle = {it.name for it in source.tree.body if _does_nothing(it)}
        for node in source.nodes if source.path.startswith(PACKAGE) else ():
            if isinstance(node, ast.Assign | ast.AnnAssign) and _waits_to_be_wired(node, idle):
                yield source.at(node, f"waits to be wired: {ast.unparse(node)}")


def _waits_to_be_wired(node: ast.Assign | ast.AnnAssign, idle: Container[str]) -> bool:
    target, value = node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value
    if isinstance(value, ast.Call) and _name(value.func) == "staticmethod":
        value = value.args[0]  # of a class: what is a method else
    elif not (isinstance(target, ast.Attribute) and _name(target.value) == "self"):
        return False
    if not value or _name(target).startswith("_"):
        return False
    if isinstance(value, ast.Constant):
        calls = isinstance(node, ast.AnnAssign) and "Callable" in ast.unparse(node.annotation)
        return calls and value.value is None
    return _name(value) in idle or (isinstance(value, ast.Lambda) and _is_nothing(value.body))


def _does_nothing(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return whether this is a function that does nothing and returns nothing in particular."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return all(
        isinstance(it, ast.Pass) or (isinstance(it, ast.Return) and _is_nothing(it.value))
        for it in body
    )


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or ast.unparse(value) in {"None", "False", "0", "''", "()", "[]", "{}"}


def docstrings_are_sentences(sources: Sources) -> Iterator[str]:
    """Demand that a docstring first says what the thing is or does, in a clause of its own.

    That clause has three words, or two before a colon. It begins with no word of FRAGMENTS and, but
    for a module's, with no name in code: a parameter is explained after what it is for. Of a
    function it begins with a verb, unless that is a property or a test.
    """
    for source in sources:
        for node in source.nodes if source.path.startswith(DESCRIBED) else ():
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = " ".join((ast.get_docstring(node) or "").split())
                if text and not _says_what(node, text):
                    yield source.at(node, f"is not told in a sentence: {text[:60]}")


def named_files_exist(documents: Sources, files: Sequence[str]) -> Iterator[str]:
    """Demand that a file which a document names is there; its first folders may be left out."""
    for document in documents:
        for number, line in enumerate(document.text.splitlines(), 1):
            for name in NAMED_FILE.findall(line):
                if not any(f"/{file}".endswith(f"/{name}") for file in files):
                    yield f"{document.path}:{number} names {name}, which is not there"


def _says_what(node: ast.AST, text: str) -> bool:
    clause, end, _ = re.split(r"([.:;](?=\s|$)|$)", text, maxsplit=1)
    words = clause.lower().split()
    if len(words) < (2 if end == ":" else 3) or FRAGMENTS.fullmatch(words[0].strip(",")):
        return False
    if isinstance(node, ast.Module):
        return True
    verb = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not (
        node.name.startswith("test_") or "property" in "".join(map(_name, node.decorator_list))
    )
    return not text.startswith("`") and not (verb and THINGS.fullmatch(words[0]))


def _of_the_window(sources: Sources) -> Sources:
    inside = ("autosky_desktop/ui/", "autosky_desktop/app.py")
    return [source for source in sources if source.path.startswith(inside)]


def _name(node: ast.expr) -> str:
    """Return the last word of a name: `datetime` for both `datetime` and `datetime.datetime`."""
    return getattr(node, "id", getattr(node, "attr", ""))


if __name__ == "__main__":
    from tests.support import worded

    ours = read(Path(), (PACKAGE,))
    named_twice, knots = list(class_names_mean_one_thing(ours)), list(imports_make_no_knots(ours))
    print(*named_twice, f"{len(named_twice)} names of classes mean several things", sep="\n")
    print(*knots, f"{len(knots)} knots of imports", sep="\n")
    print(f"{len(small_modules(ours))} modules have fewer than {CRUMB} lines")
    option = "stop_at_first_failure"
    print(f"{option}, an option of publishing, is spelt in", *spelt(option, ours), sep="\n  ")
    print(*worded.report(ours), sep="\n")
