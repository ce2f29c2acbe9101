"""The names that came from elsewhere, as they stand in a title or a sentence of ours."""

import re
from collections.abc import Sequence

from autosky_desktop.domain.text import title
from autosky_desktop.words.language import _, ngettext

_TOO_LONG = re.compile(r"\S{20}(?=\S)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"


def shown(name: str) -> str:
    """Put a name on one line that may be broken anywhere, without what turns or hides text. A name
    as long as a line would push the end of a sentence out of its window.
    """
    return _TOO_LONG.sub(lambda it: it[0] + _MAY_BREAK, title(name))


def several(names: Sequence[str], number: int = 0) -> str:
    """Name one or two of them; of more, the first, and how many others there are. `number` is how
    many there are, where not all names are known.
    """
    number = max(number, len(names))
    first = shown(names[0])
    if number == len(names) == 2:
        return _("{one} and {other}").format(one=first, other=shown(names[1]))
    if number == 1:
        return first
    text = ngettext("{name} and {n} other", "{name} and {n} others", number - 1)
    return text.format(name=first, n=number - 1)


def plane(name: str) -> str:
    """Name a control plane; the one that the window starts for itself has no name of its own."""
    return name or _("This computer")
