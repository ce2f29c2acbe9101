"""What is an address of electronic mail, and what is none."""

from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.domain.mail import compared, each_once, host_and_port, is_address, written_out
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Publication


@pytest.mark.parametrize(
    "text", ["ana@erp.example", "j.o'neill+x@mail.erp.example", "a@b-c.example", "0@1.example"]
)
def test_addresses_that_there_are(text: str) -> None:
    assert written_out(text) == text


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("ana@ERP.Example", "ana@erp.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
        ("ana@münchen.xn--p1ai", "ana@xn--mnchen-3ya.xn--p1ai"),
    ],
)
def test_a_host_is_known_by_its_ascii_name(text: str, known: str) -> None:
    assert written_out(text) == known


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "@erp.example", "ana@erp", "ana@erp.", "a b@erp.example", "ana@erp.example\n",
        "ana@erp.example,bea@erp.example", "ana\x00@erp.example", "ana@erp\x00.example",
        "ana@erp.exa\x7fmple", "ana\x9b@erp.example", "a..b@erp.example", ".ana@erp.example",
        "ana.@erp.example", "ANA:x@erp.example", "a\\b@erp.example", "ana@erp.exa]mple",
        "ana\u202e@erp.example", "jürgen@bücher.example", "ana@@erp.example", "ana@erp..example",
        "ana@-erp.example", "ana@erp-.example", "ana@e_rp.example", "ana@1.2.3.4",
        "ana@[1.2.3.4]", '"a b"@erp.example', "Ana <ana@erp.example>", f"{'a' * 65}@erp.example",
        f"ana@{'a' * 64}.example", f"ana@{'a.' * 130}example", "ana@xn--.example",
        "ana@\u2488com.example", "ana@\ud800.example", "ana@erp\u3002\u3002example",
        "ana@\u200d.example", "ana@erp\xad.example", "ana@erp\u200b.example",
    ],
)  # fmt: skip
def test_addresses_that_there_are_not(text: str) -> None:
    assert not is_address(text)


@given(st.text() | st.from_regex(r"[ -~]{0,9}@[ -~äß。.]{0,12}", fullmatch=True))
def test_what_is_let_in_can_be_put_on_a_letter(text: str) -> None:
    if known := written_out(text):
        name, _, host = known.rpartition("@")
        assert str(Address(username=name, domain=host)) == known
        known.encode("ascii")


@pytest.mark.parametrize(
    "text", ["ana@bücher.example", f"ana@{'a-' * 30}a.{'b' * 60}.{'c' * 60}.{'d' * 60}"]
)
def test_what_is_let_in_is_kept_whole(text: str) -> None:
    assert is_address(text)
    asked = Plan(emails=(text,))
    kept = Publication(
        id="p", version=1, plan=asked, state="queued", publisher="ana", requested_by="ana",
        requested_at=datetime(2026, 11, 30, tzinfo=UTC), steps=[],
    )  # fmt: skip
    assert kept.plan.emails == (text,)


def test_what_nobody_sees_of_a_copied_address_is_left_out() -> None:
    asked = "\u202aana\u200b@erp.exam\xadple\u202c", "\ufeffana@erp.example"
    assert each_once(asked) == ("ana@erp.example",)


def test_somebody_who_is_named_twice_is_one() -> None:
    asked = (
        "ana@erp.example",
        "Ana@ERP.example",
        "rui@bücher.example",
        "rui@xn--bcher-kva.example",
    )
    assert each_once(asked) == ("ana@erp.example", "rui@bücher.example")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (" mail.example.com:587 ", ("mail.example.com", 587)),
        ("[::1]:25", ("[::1]", 25)),
        ("mail.example.com", None),
        ("::1", None),
        ("mail.example.com:0", None),
        ("mail.example.com:65536", None),
        ("smtp://mail.example.com:587", None),
    ],
)
def test_a_pasted_mail_server_is_parted_from_its_port(
    text: str, parts: tuple[str, int] | None
) -> None:
    assert host_and_port(text) == parts


@pytest.mark.parametrize(
    "typed",
    [
        " Ana@ERP.example ",
        "ana@\uff45rp.example",
        "\uff41na@erp.example",
    ],
)
def test_an_address_is_one_however_it_is_typed(typed):
    assert compared(typed) == "ana@erp.example"


def test_a_host_is_one_whichever_way_it_is_written():
    known = "ana@xn--mnchen-3ya.example"
    assert compared("ana@m\u00fcnchen.example") == known
    assert compared("Ana@mu\u0308nchen.example") == known
    assert compared("ana@XN--mnchen-3ya.example") == known


def test_a_host_that_only_looks_like_another_is_told_from_it():
    assert compared("ana@\u0435rp.example") == "ana@xn--rp-mlc.example"


def test_what_is_no_address_is_compared_as_it_is():
    assert compared(" Nobody\u00a0") == "nobody"
