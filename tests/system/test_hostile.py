"""Nothing that a control plane or a person says becomes more than one value of a command line."""

import pytest
from hypothesis import HealthCheck, given, settings

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.text import title
from autosky_desktop.system.connect.target import Hop, Hostile, Target, account, host
from tests.support.hostile import ACCOUNTS, BUILDERS, CASES, HOSTS, PRINT, Case, Tally, escape


def a_target(**more: object) -> Target:
    usual: dict[str, object] = {
        "server": "srv-1", "title": "FILE", "protocol": Protocol.RDP, "host": "10.0.0.1",
        "port": 3389, "account": "ana", "fingerprint": PRINT,
    }  # fmt: skip
    return Target(**{**usual, **more})  # type: ignore[arg-type]


@given(CASES)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_value_escapes_any_launcher(case: Case) -> None:
    tally = Tally()
    tally.take(case)
    assert tally.escapes == []


@pytest.mark.parametrize("name", BUILDERS)
def test_what_an_escape_is_would_be_seen(name: str) -> None:
    """The search can fail: a launcher that lets an account become a second word is found out."""
    build = BUILDERS[name]
    careless = lambda aim: [*build(aim), *aim.account.split()]  # noqa: E731
    assert escape(build, a_target(account="a b")) == ""
    assert escape(careless, a_target(account="a b"))


@pytest.mark.parametrize("text", ACCOUNTS)
def test_accounts_that_there_are(text: str) -> None:
    domain, name = account(text)
    assert (f"{domain}\\{name}" if domain else name) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "\\", "D\\", "-x", "D\\-x", "a\\b\\c", "a\n", "a\x7f", "a\u202eb", "a\u2066", "a\u200f",
        "a\ufeff", "a\xad", "a\u2028", " a", "a" * 257,
    ],
)  # fmt: skip
def test_accounts_that_there_are_not(text: str) -> None:
    with pytest.raises(Hostile) as refused:
        account(text)
    assert refused.value.field == "account"


@pytest.mark.parametrize("text", HOSTS)
def test_addresses_stay_what_they_are_once_they_are_ascii(text: str) -> None:
    assert host(text).isascii()
    assert host(host(text)) == host(text)


@pytest.mark.parametrize("text", ["{svc}", "ana (extern)", "R&D", "O'Neill", "a;b", "a -oB=c"])
def test_an_account_that_openssh_refuses_is_one_for_remote_desktop_only(text: str) -> None:
    assert a_target(account=text, protocol=Protocol.RDP).account == text
    with pytest.raises(Hostile) as refused:
        a_target(account=text, protocol=Protocol.SSH)
    assert refused.value.field == "ssh-account"
    hop = Hop(host="gw.example", port=22, account=text)
    with pytest.raises(Hostile):
        a_target(protocol=Protocol.SSH, gateway=hop)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("κλαρα-σωλις.example", "xn----ylba7abgd9bnh0e.example"),
        ("نامه\u200cای.example", "xn--mgba3gch31f060k.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("srv_1.bücher.example", "srv_1.xn--bcher-kva.example"),
        ("bücher.example.", "xn--bcher-kva.example."),
        ("２００１.example", "2001.example"),
        ("１２７.０.０.１", "127.0.0.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_a_name_beyond_ascii_becomes_what_is_asked_of_the_network(text: str, asked: str) -> None:
    assert host(text) == asked


@pytest.mark.parametrize(
    "text",
    ["127.1", "0x7f.1", "2130706433", "0x7f000001", "010.0.0.1", "1.2.3.4.5", "１２７.1", "1."],
)
def test_a_number_that_only_some_programs_take_for_an_address_is_refused(text: str) -> None:
    for field in ("address", "gateway"):
        with pytest.raises(Hostile) as refused:
            host(text, field)
        assert refused.value.field == f"{field}-number"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-x",
        "a b",
        "a\n",
        "::1%eth0",
        "[::1]",
        "a,b",
        "a/b",
        "a..b",
        "x" * 254,
        "ü..b",
        "\U0001f410.example",
        "д_ругой.example",
    ],
)
def test_addresses_that_there_are_not(text: str) -> None:
    with pytest.raises(Hostile):
        host(text)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("port", 0, "port"), ("port", 65536, "port"), ("host", "-x", "address"),
        ("account", "a\nb", "account"), ("domain", "-v:x", "account"),
        ("fingerprint", PRINT + ",ignore", "fingerprint"), ("title", "a\nb", "name"),
        ("server", "a\u202eb", "server"),
    ],
)  # fmt: skip
def test_a_target_with_a_hostile_value_cannot_be(field: str, value: object, told: str) -> None:
    with pytest.raises(Hostile) as refused:
        a_target(**{field: value})
    assert refused.value.field == told


def test_nor_can_a_gateway() -> None:
    for hostile in ({"host": "a b"}, {"port": 0}, {"account": "-x"}, {"fingerprint": "x,ignore"}):
        with pytest.raises(Hostile):
            Hop(**{"host": "gw.example", "port": 443, **hostile})  # type: ignore[arg-type]


def test_a_name_is_one_short_line() -> None:
    assert title("  FILE\n\u202e01\x00 ") == "FILE 01"
    assert len(title("x" * 10_000)) == 120
