"""Tool tips that say what they are given, to the letter."""

from html import escape


def tip(text: str) -> str:
    """`text` as a tool tip: Qt would take a name like "<b>" for markup, and fetch its pictures."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if "<" in text else text
