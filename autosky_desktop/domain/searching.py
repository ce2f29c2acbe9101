"""The search that every field uses: what is found by the words that were typed; and the order in
which addresses stand.
"""

import unicodedata
from ipaddress import ip_address

_SPELT_OTHERWISE = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{HYPHEN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-",
    }
)  # fmt: skip
"""What Unicode does not take apart, and a keyboard may not have."""


def plain(text: str) -> str:
    """Return the text as it is compared: without case, accents, width or form of letters."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(it for it in letters if not unicodedata.combining(it))
    return kept.translate(_SPELT_OTHERWISE)


def words(text: str) -> list[str]:
    """Return the words that were typed, as they are looked for."""
    return plain(text).split()


def holds(searched: str, wanted: list[str]) -> bool:
    """Return whether all the `wanted` words stand in a plain text, in any order."""
    return all(word in searched for word in wanted)


def by_number(address: str | None) -> tuple[int, bytes] | None:
    """Return a sort key that puts 10.20.0.9 before 10.20.0.10. What is no address comes first."""
    if address is None:
        return None
    try:
        parsed = ip_address(address)
    except ValueError:
        return 0, address.encode()
    return parsed.version, parsed.packed
