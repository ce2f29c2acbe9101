"""Text of the operating system, whatever bytes it was made of."""

import json

import pytest

from autosky_desktop.domain.text import readable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("jos\udce9", "jos\ufffd"),
        ("\ud83d lone", "\ufffd lone"),
        ("José 😀 日本", "José 😀 日本"),
        ("line\nbreak\x1b[31m", "line\ufffdbreak\ufffd[31m"),
        ("ana\u202e", "ana\ufffd"),
        ("", ""),
    ],
)
def test_what_is_no_character_is_replaced(text, read):
    assert readable(text) == read
    assert json.loads(json.dumps(readable(text)).encode()) == read
    readable(text).encode()
