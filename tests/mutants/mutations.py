"""The one-line mutations of Python source: what can be changed, and a draw that keeps.

A change of looks is none of behaviour: sizes, spacing and what is only drawn are left alone, and
so are annotations, doc strings, what is logged and the wording of sentences.
"""

import ast
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

FOLDERS = (
    "domain",
    "actions",
    "flows",
    "server/activity",
    "server/connections",
    "server/demo",
    "server/environments",
    "server/mail",
    "server/publications",
    "server/servers",
    "server/sessions",
    "ui/publish",
    "ui/servers",
    "ui/connect",
)

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
SUMS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.FloorDiv: "*",
    ast.Mod: "//",
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}

LOOKS = re.compile(
    r"""set(Fixed|Minimum|Maximum)(Height|Width|Size)
    | set\w*(Spacing|Margins|Stretch|StretchFactor)
    | set(Pen|Brush|Font|Icon|Cursor|Color|Alignment|Weight|WordWrap|TextFormat|FrameShape|DrawBase)
    | setSize(Policy|AdjustPolicy|Constraint|Hint) | set(Geometry|PointSizeF|RenderHint)
    | set(AutoFillBackground|MaxVisibleItems|MinimumSectionSize|UpdatesEnabled)
    | set(HorizontalScrollBarPolicy|VerticalScrollBarPolicy|VerticalScrollMode)
    | add(Stretch|Spacing|Strut|RoundedRect) | draw[A-Z]\w+ | _?paint\w* | resize | sizeHint
    | set_style | adjusted | Q(Size|Rect|RectF|Point|PointF|Margins)""",
    re.VERBOSE,
)
OPERATOR = re.compile(r"[^\s()]+(?: [^\s()]+)*")
PLACES = frozenset({"addWidget", "addLayout", "insertWidget", "insertLayout"})
"""Their numbers are looks, while whether they are called is not."""
SIZES = frozenset({"small", "weight", "width", "hide_below"})
"""What an argument is called that tells how large something is drawn."""
LOGS = frozenset({"debug", "info", "warning", "error", "exception"})


@dataclass(frozen=True)
class Mutant:
    """A change of one line of a file; `path` is relative to the tree, in POSIX spelling."""

    path: str
    line: int
    before: str
    after: str
    occurrence: int
    """Which of the file's lines that read so it is: what tells them apart where others move."""
    names: frozenset[str]
    """What its line binds for other lines, which alone can tell when it runs at import."""

    def apply(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        lines[self.line - 1] = lines[self.line - 1].replace(self.before, self.after)
        return "".join(lines)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.before.strip(), self.after.strip()

    def rank(self, seed: int) -> str:
        spelled = repr((seed, self.key, self.occurrence))
        return hashlib.sha256(spelled.encode()).hexdigest()


def draw(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """Return all of them in an order that follows from the seed and each one's own text: what is
    changed elsewhere changes no other's place.
    """
    return sorted(mutants, key=lambda mutant: mutant.rank(seed))


def of_tree(root: Path) -> Iterator[Mutant]:
    package = root / "autosky_desktop"
    for folder in FOLDERS:
        for file in sorted((package / folder).rglob("*.py")):
            yield from of_source(file.relative_to(root).as_posix(), file.read_text("utf-8"))


def of_source(path: str, text: str) -> Iterator[Mutant]:
    lines, seen = text.splitlines(), set()
    for number, before, after, names in _edits(text):
        if (number, after) not in seen and after != before:
            seen.add((number, after))
            occurrence = sum(line == before for line in lines[: number - 1])
            yield Mutant(path, number, before, after, occurrence, names)


def is_another_program(mutant: Mutant, text: str) -> bool:
    try:
        return ast.dump(ast.parse(mutant.apply(text))) != ast.dump(ast.parse(text))
    except SyntaxError:
        return False


def _edits(text: str) -> Iterator[tuple[int, str, str, frozenset[str]]]:
    encoded = [line.encode() for line in text.splitlines()]
    for node, names in _walk(ast.parse(text), frozenset()):
        for where, start, end, new in _changes(node):
            line = encoded[where - 1]
            after = line[:start] + new(line[start:end].decode()).encode() + line[end:]
            yield where, line.decode(), after.decode(), names


def _walk(node: ast.AST, names: frozenset[str]) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Yield every node that may be changed, and what the line binds if it runs at import."""
    yield node, names
    inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        if field == "keywords" and isinstance(node, ast.ClassDef):
            continue
        if field == "args" and isinstance(node, ast.Call) and _name(node.func) in PLACES:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _left_alone(child):
                outside = isinstance(node, ast.Module | ast.ClassDef)
                below = _bound(child) or names if outside else names
                yield from _walk(child, frozenset() if inside and field == "body" else below)


def _bound(statement: ast.AST) -> frozenset[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({statement.name})
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return frozenset(
        name.id for target in targets if target for name in ast.walk(target) if _is_name(name)
    )


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in SIZES
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return _name(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.FunctionDef):
        return bool(LOOKS.fullmatch(node.name))
    called = node.value if isinstance(node, ast.Expr) else node
    if isinstance(called, ast.Constant):
        return isinstance(node, ast.Expr)
    if not isinstance(called, ast.Call):
        return False
    name = _name(called.func)
    logs = isinstance(called.func, ast.Attribute) and _name(called.func.value) == "log"
    return bool(LOOKS.fullmatch(name)) or (logs and name in LOGS)


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


Change = tuple[int, int, int, Callable[[str], str]]
"""A line, from where to where in it (bytes), and what comes of what was there."""


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for before, op, after in zip([left, *right], ops, right, strict=False):
                yield from _between(before, after, COMPARISONS[type(op)])
        case ast.BoolOp(op=op, values=values):
            for before, after in pairwise(values):
                yield from _between(before, after, "or" if isinstance(op, ast.And) else "and")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SUMS:
            if not any(map(_is_text, (left, right))):
                yield from _between(left, right, SUMS[type(op)])
        case ast.UnaryOp(op=ast.Not()):
            yield from _whole(node, lambda old: old.removeprefix("not "))
        case ast.Constant(value=bool() as value):
            yield from _whole(node, lambda _: str(not value))
        case ast.Constant(value=int() as value):
            yield from _whole(node, lambda _: str(value + 1))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.comprehension(ifs=[test]):
            yield from _whole(test, "not ({})".format)
        case ast.Call(func=ast.Name(id=name) as called) if name in CALLS:
            yield from _whole(called, CALLS.__getitem__)
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
            yield from _whole(node, lambda _: "pass")
        case ast.Assign(targets=[ast.Attribute()]):
            yield from _whole(node, lambda _: "pass")
        case ast.Return(value=ast.expr() as value) if not _is_plain(value):
            yield from _whole(value, lambda _: "None")
        case ast.Break():
            yield from _whole(node, lambda _: "continue")
        case ast.Continue():
            yield from _whole(node, lambda _: "break")


def _between(left: ast.expr, right: ast.expr, new: str) -> Iterator[Change]:
    """Yield the operator between two operands on one line; brackets beside it stay."""
    if left.end_lineno == right.lineno:
        start = left.end_col_offset or 0
        yield right.lineno, start, right.col_offset, lambda old: OPERATOR.sub(new, old, count=1)


def _whole(node: ast.expr | ast.stmt, change: Callable[[str], str]) -> Iterator[Change]:
    if node.lineno == node.end_lineno:
        yield node.lineno, node.col_offset, node.end_col_offset or 0, change


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _is_plain(node: ast.expr) -> bool:
    """Return whether it is nothing, true or false: nobody tells None from false."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))
