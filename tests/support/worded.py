"""The texts that a person reads, found in the source: those that are marked to be translated, and
what looks like one and is not.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.support.shape import PACKAGE, Source, Sources

MARKS = {"_": 0, "N_": 0, "ngettext": 0, "pgettext": 1, "NP_": 1}
"""The functions of `words.language` that are given a text, and the place of the text."""

WORDS = PACKAGE + "words/"

OTHERS = (PACKAGE + "server/providers/simulated/", PACKAGE + "server/feed/")
"""Where texts are not ours to translate: what a cloud says, and the description of the API."""

SHOWS = re.compile(
    r"add(Action|Item)|set(Text|Title|Suffix|Prefix|StatusTip|ToolTip|WindowTitle)|"
    r"setAccessible(Name|Description)|setPlaceholderText|QLabel|Button"
)
"""The calls that put their texts before a person's eyes."""

WORD = re.compile(r"(?<![^\s>])[A-Za-z]{2,}[.,:;!?…]?(?![^\s<])")
"""A word of a text that is shown: `name@example.com` has none."""

SENTENCE = re.compile(r"[A-Z][a-z].* .*[a-z][.!?…]", re.DOTALL)
"""A whole sentence, wherever it is."""


def marked(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Find each text that is marked, with the call that marks it."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and (place := MARKS.get(_called(node))) is not None:
            text = _text(node.args[place]) if len(node.args) > place else ""
            if text:
                yield node, text


def unmarked(node: ast.AST) -> Iterator[str]:
    """Find each text under the node that looks as if a person read it, though it is not marked.

    That is a text that is shown, or a sentence. Docstrings, logs and errors are for whoever looks
    after the program.
    """
    if isinstance(node, ast.Raise | ast.Assert):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call):
        if _called(node) in MARKS or getattr(getattr(node.func, "value", None), "id", "") == "log":
            return
        if SHOWS.fullmatch(_called(node)):
            yield from (text for it in node.args[:1] if WORD.search(text := _text(it)))
            return
    if SENTENCE.fullmatch(_text(node)):
        yield _text(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from unmarked(child)


def texts_can_be_gathered(sources: Sources) -> Iterator[str]:
    """Demand that no text is marked inside an f-string, where translators' tools find none."""
    for source in sources:
        strings = (it for it in source.nodes if isinstance(it, ast.JoinedStr))
        inside = {id(it) for string in strings for it in ast.walk(string)}
        for call, text in marked(source):
            if id(call) in inside:
                yield source.at(call, f"hides a text in an f-string: {text[:40]}")


def nothing_else_is_called_like_the_marker(sources: Sources) -> Iterator[str]:
    """Demand that `_` is no variable where it marks texts: it would take the function's place."""
    for source in sources:
        imports = (it for it in source.nodes if isinstance(it, ast.ImportFrom))
        if not any(alias.name == "_" for it in imports for alias in it.names):
            continue
        for node in source.nodes:
            variable = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id
            if "_" in (variable, isinstance(node, ast.arg) and node.arg):
                yield source.at(node, "calls something else _")


def texts_keep_their_letters(sources: Sources) -> Iterator[str]:
    """Demand that no text is made small to stand inside a sentence: it has a form of its own there,
    which other languages need and English has.
    """
    for source in sources:
        if source.path.startswith((WORDS, PACKAGE + "ui/")):
            for node in source.nodes:
                if isinstance(node, ast.Call) and _called(node) in ("lower", "capitalize"):
                    yield source.at(node, "makes letters small")


def texts_are_in_words(sources: Sources) -> Iterator[str]:
    """Demand that what a person reads is worded in the words layer, where no window is needed."""
    for source in sources:
        if source.path.startswith(PACKAGE) and not source.path.startswith((WORDS, *OTHERS)):
            for call, text in marked(source):
                yield source.at(call, f"words a text: {text[:40]}")
            for text in unmarked(source.tree):
                yield f"{source.path} words a text and does not mark it: {text[:40]}"


def report(sources: Sources) -> Iterator[str]:
    """Count by folder the texts that are worded outside of `words`."""
    number = Counter({source.path: sum(1 for _ in marked(source)) for source in sources})
    bare = {source.path: list(unmarked(source.tree)) for source in sources}
    outside, plain = Counter[str](), Counter[str]()
    for path in number:
        if not path.startswith((WORDS, *OTHERS)):
            outside[_room(path)] += number[path]
            plain[_room(path)] += len(bare[path])
    for room in sorted(outside):
        if outside[room] or plain[room]:
            yield f"{room}: {outside[room]} texts, and {plain[room]} that look like one"
    share = outside.total() / (number.total() or 1)
    yield (
        f"{outside.total()} of {number.total()} texts ({share:.0%}) are worded outside of words, "
        f"and {plain.total()} more that are not marked"
    )


def _room(path: str) -> str:
    return "/".join(path.removeprefix(PACKAGE).split("/")[:-1][:2]) or "."


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _text(node: ast.AST) -> str:
    """Return the text of a literal, with {} for what an f-string puts in; empty without one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(it) or "{}" for it in node.values)
    return ""
