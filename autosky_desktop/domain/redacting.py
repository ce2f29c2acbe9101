"""Strikes out of a text what may be a secret, an address or a name, before somebody hands it on.

What is struck out wrongly costs a reader a word; what is left in wrongly cannot be taken back.
"""

import re
from collections.abc import Callable, Container, Iterable
from ipaddress import ip_address

SECRET, ADDRESS, NAME, MAIL = "[secret]", "[address]", "[name]", "[mail]"

SHORTEST = 3
"""Letters of a name: a shorter one stands in too many words."""

_WORDS = (
    r"pass(?:word|wd|phrase)?|pwd|secrets?|token|api[-_ ]?key|credentials?|cookie|session[-_]?id"
)
_QUOTED = r"\"[^\"\n]*\"|'[^'\n]*'"
_BLOCK = re.compile(r"-----BEGIN [^-]{1,80}-----.*?(?:-----END [^-]{1,80}-----|\Z)", re.DOTALL)
_AUTHORIZATION = re.compile(
    r"(?i)\b((?:proxy-)?authorization[\"']?\s{0,9}[:=]\s{0,9})[^\r\n]+|\b((?:bearer|basic)\s+)\S+"
)
_ASSIGNED = re.compile(
    rf"(?i)([\w-]{{0,40}}(?:{_WORDS})[\w-]{{0,40}}[\"']?\s{{0,9}}(?:[:=]|\bis\b)\s{{0,9}})"
    rf"(?!\[secret\])({_QUOTED}|[^\s,;)}}\]&]+)"
)
_OPTION = re.compile(
    rf"(?i)(--?[\w-]{{0,40}}(?:{_WORDS})[\w-]{{0,40}}\s{{1,9}})"
    rf"(?!\[secret\])({_QUOTED}|\S+)"
)
_IN_URL = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)[^/\s@]{1,500}@")
_RANDOM = re.compile(r"(?<![\w/+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAIL = re.compile(r"[^\s@<>\"'(),;:=]{1,64}@[^\s@<>\"'(),;:]{1,255}")
_HOME = re.compile(r"(?i)((?:/home/|/users/|[a-z]:\\{1,2}users\\{1,2}))[^/\\\s\"':]+")
_ACCOUNT = re.compile(r"(?<![\\:/\w.-])[\w.-]{1,64}\\{1,2}[\w.$-]{1,64}(?![\\\w])")
_NUMBERS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_COLONS = re.compile(r"(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:[.\d]+)?(?:%\w+)?")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,62})"
_HOST = re.compile(rf"(?i)(?<![\w./\\-])({_LABEL})((?:\.{_LABEL}){{0,8}}\.[a-z]{{2,24}})(?![\w(-])")
FILES = frozenset({"py", "pyc", "log", "json", "sqlite3", "toml", "so", "err", "md", "made", "po"})


class Redactor:
    """Strikes out secrets and addresses by their look, and `names` (of people, servers and
    environments) wherever they stand. What begins like one of `modules` is code, and no host.
    """

    def __init__(self, names: Iterable[str], modules: Container[str] = ()) -> None:
        known = {name.strip() for name in names if len(name.strip()) >= SHORTEST}
        longest_first = sorted(known, key=lambda it: (-len(it), it))
        every = "|".join(map(re.escape, longest_first))
        self._names = re.compile(rf"(?i)(?<!\w)(?:{every})(?!\w)") if every else None
        self._modules = modules

    def __call__(self, text: str) -> str:
        """Return the text without what is nobody else's business."""
        text = _BLOCK.sub(SECRET, text)
        text = _IN_URL.sub(rf"\1{SECRET}@", text)
        text = _AUTHORIZATION.sub(lambda it: (it[1] or it[2]) + SECRET, text)
        for pattern in (_ASSIGNED, _OPTION):
            text = pattern.sub(rf"\1{SECRET}", text)
        text = _MAIL.sub(_unless_struck(MAIL), text)
        text = _RANDOM.sub(lambda it: it[0] if _UUID.fullmatch(it[0]) else SECRET, text)
        text = _HOME.sub(rf"\1{NAME}", text)
        text = _ACCOUNT.sub(NAME, text)
        for pattern in (_NUMBERS, _COLONS):
            text = pattern.sub(_address, text)
        text = self._names.sub(NAME, text) if self._names else text
        return _HOST.sub(self._host, text)

    def _host(self, found: re.Match[str]) -> str:
        file = found[2].rpartition(".")[2].lower() in FILES
        return found[0] if file or found[1] in self._modules else ADDRESS


def _unless_struck(instead: str) -> Callable[[re.Match[str]], str]:
    return lambda it: it[0] if it[0].startswith("[") and SECRET in it[0] else instead


def _address(found: re.Match[str]) -> str:
    """Return what stands for an address; a time of day, which looks like one, stays."""
    try:
        ip_address(found[0].partition("%")[0])
    except ValueError:
        return found[0]
    return ADDRESS
