"""Texts from elsewhere, as people read them and as they are kept."""

import json

import msgspec
import pytest

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.text import LONGEST, one_line, readable
from tests.support.cloud import MORNING


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("db-erp-prod-01", "db-erp-prod-01"),
        ("Produção – São Paulo", "Produção – São Paulo"),
        ("db\u202e10-drop", "db 10-drop"),
        ("two\r\nlines\t here", "two lines here"),
        ("\u2066\u200b\x00", ""),
        ("x" * 10_000, "x" * LONGEST),
    ],
)
def test_a_name_is_one_line_that_hides_and_turns_nothing(came, shown):
    assert one_line(came) == shown


def test_what_the_control_plane_names_is_shown_so_wherever_it_comes_from():
    server = Server(id="s", name="a\u202eb", role="support", status="running", since=MORNING)
    read = msgspec.json.decode(msgspec.json.encode(server).replace(b"a b", b"a\\nb"), type=Server)
    instance = Instance(id="i", name="c\nd", status="available", version=1)
    entry = Activity(id="a", at=MORNING, kind="start", outcome="done", target="e\u2067f")
    assert [server.name, read.name, instance.name, entry.target] == [
        "a b", "a b", "c d", "e f",
    ]  # fmt: skip
    assert msgspec.structs.replace(server, name="g\x07h").name == "g h"


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
