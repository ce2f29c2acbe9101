"""What may be a secret, an address or a name is struck out of a text that is handed on."""

import pytest

from autosky_desktop.domain.redacting import Redactor

NAMES = ["PREP-ERP-PROD-01", "ERP Production", "ana", "db"]

STRUCK = [
    ("https://ana:hunter2@proxy.example.com:3128/x", ["hunter2", "example", "ana"]),
    ('{"token": "s3cr3t-of-mine", "port": 8470}', ["s3cr3t"]),
    ("password=hunter2&user=x", ["hunter2"]),
    ("PASSWORD: 'correct horse battery'", ["correct", "horse", "battery"]),
    ("the password is hunter2", ["hunter2"]),
    ("vault --token hvs.CAESI read kv/erp", ["CAESI"]),
    ("op item get --password-file=x9", ["x9"]),
    ("Authorization: Bearer abc.def", ["abc", "def"]),
    ("Proxy-Authorization: Basic YW5hOmh1bnRlcjI=", ["YW5h"]),
    ("sent bearer tokenvalue", ["tokenvalue"]),
    ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", ["wJalr", "K7MD"]),
    ("key AKIAIOSFODNN7EXAMPLE0001 used", ["AKIAIOSFODNN7EXAMPLE"]),
    ("-----BEGIN PRIVATE KEY-----\nb3BlbnNz\nYQ==\n-----END KEY-----\nrest", ["b3Blb", "YQ=="]),
    ("-----BEGIN PRIVATE KEY-----\nb3BlbnNz cut off", ["b3Blb"]),
    ("mail to maria.souza@loja.com.br failed", ["maria", "loja"]),
    ("10.20.0.11 and 203.0.113.24:3389", ["10.20.0.11", "203.0.113.24"]),
    ("fe80::1%eth0, 2001:db8::7 and ::ffff:10.0.0.1", ["fe80", "db8", "10.0.0.1"]),
    ("[2001:db8:0:1:2:3:4:5]:22", ["2001"]),
    ("/home/joana/.config and /Users/joana/x", ["joana"]),
    (r"C:\Users\joana.silva\AppData and C:\\Users\\joana\\x", ["joana"]),
    (r"signed in as ACME\joana", ["ACME", "joana"]),
    ("prep-erp-prod-01 of erp production by Ana", ["prep-erp", "erp production", "Ana"]),
    ("jump.lab.example and srv01.corp.internal", ["jump", "lab", "srv01", "corp"]),
]
KEPT = [
    "2026-11-30 18:33:10,123 INFO autosky_desktop.flows.follow: The line is lost: Offline()",
    "Qt 6.11.3 and Python 3.11.7, version 0.1.0",
    "File desktop.log line 33 in follow.py, app.sqlite3 is whole",
    "publication 4ddd5670-1614-540a-a589-5ef691f0707a took 00:04:10",
    "litestar.middleware.exceptions and asyncio.selector_events",
    "banana and the db are no names",
]


@pytest.mark.parametrize(("text", "gone"), STRUCK)
def test_it_is_struck_out(text: str, gone: list[str]) -> None:
    left = Redactor(NAMES, {"asyncio"})(text)
    assert not [it for it in gone if it.lower() in left.lower()], left


@pytest.mark.parametrize("text", KEPT)
def test_what_helps_stays(text: str) -> None:
    assert Redactor(NAMES, {"litestar", "asyncio"})(text) == text


def test_twice_is_as_once() -> None:
    redactor = Redactor(NAMES)
    for text, _gone in STRUCK:
        assert redactor(redactor(text)) == redactor(text)


def test_a_long_text_is_quick_to_go_through() -> None:
    text = ("a" * 200 + ".") * 2_000 + "@" + ":" * 20_000 + "\\" * 5_000
    assert Redactor(NAMES)(text)
