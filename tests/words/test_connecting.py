"""Every way in which no connection comes has a sentence of its own, with what to do."""

from datetime import timedelta

import pytest

from autosky_desktop.domain.connecting import (
    CannotConnect,
    ConnectStep,
    HostCheck,
    Name,
    Trouble,
    TrustVerdict,
)
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.publication import StepState
from autosky_desktop.system.connect import host_keys, ssh_words
from autosky_desktop.words import connecting as words
from autosky_desktop.words.client_failures import SSH
from tests.support.connecting import KNOWN, SEEN
from tests.support.evening import NOW

TROUBLES = [
    *(it for it in Trouble if it is not Trouble.DECLINED),
    *(it for it in ConnectionOutcome if it not in (*words.QUIET, ConnectionOutcome.UNKNOWN)),
]


def why(trouble: Trouble | ConnectionOutcome, reason: str = "", cause: object = None) -> str:
    return words.why(
        CannotConnect(trouble, reason, cause), server="FILE-01", address="10.20.0.31",
        account="ana",
    )  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_each_has_a_sentence_of_its_own(trouble: Trouble | ConnectionOutcome) -> None:
    told = why(trouble)
    assert [why(it) for it in TROUBLES].count(told) == 1
    assert told.endswith(".")
    assert "{" not in told


def test_what_is_behind_it_is_told_too() -> None:
    assert why(Trouble.NOT_STARTED, cause=Offline("x")).startswith("FILE-01 was not started. ")
    assert why(Trouble.HOSTILE, "account").startswith(
        "This cannot be right, so nothing was sent: user."
    )
    assert why(Trouble.HOSTILE, "ssh-account").startswith("OpenSSH accepts no user with a quote")
    assert why(Trouble.HOSTILE, "address-number").startswith("10.20.0.31 is a number that")
    assert why(Trouble.HOSTILE, "gateway-number").startswith("The gateway of FILE-01 is a number")
    assert why(ConnectionOutcome.CLIENT_FAILED, "23").startswith(
        "The Remote Desktop client on this computer failed (code 23)."
    )
    assert why(ConnectionOutcome.CLIENT_FAILED).startswith(
        "The Remote Desktop client on this computer failed."
    )


@pytest.mark.parametrize("reason", sorted(SSH))
def test_what_the_client_itself_says_goes_before_its_code(reason: str) -> None:
    told = words.why(
        CannotConnect(ConnectionOutcome.CLIENT_FAILED, reason), server="DB", word="ssh"
    )
    assert "(code" not in told
    assert told != words.why(
        CannotConnect(ConnectionOutcome.CLIENT_FAILED, "255"), server="DB", word="ssh"
    )


@pytest.mark.parametrize("reason", SSH)
def test_each_reason_of_ssh_has_a_sentence_of_its_own(reason: str) -> None:
    def over_ssh(reason: str) -> str:
        trouble = CannotConnect(ConnectionOutcome.REFUSED, reason)
        return words.why(trouble, server="DB 01", address="db", account="ana", word="ssh")

    assert [over_ssh(it) for it in ("", "255", *SSH)].count(over_ssh(reason)) == 1
    assert over_ssh(reason).endswith(".")
    assert "{" not in over_ssh(reason)


def test_whatever_ssh_is_known_to_say_has_words() -> None:
    told = {reason for _said, _outcome, reason in ssh_words.CAUSES if reason}
    seen = {why for _said, why in ssh_words.UNSEEN if why not in host_keys.NOBODY}
    assert told <= set(SSH)
    assert seen <= {*SSH, *words.MORE}


def test_what_a_gateway_shows_is_said_of_the_gateway() -> None:
    look = HostCheck(verdict=TrustVerdict.CHANGED, seen=SEEN, gateway=KNOWN, host="rdgw.example")
    assert why(Trouble.CHANGED, cause=look).startswith("rdgw.example is not what it was")


def test_it_takes_long_from_twice_the_usual_on() -> None:
    step = ConnectStep(Name.STARTING, usual=90, state=StepState.RUNNING, since=NOW)
    assert words.late(step, NOW + timedelta(seconds=179)) == ""
    assert words.late(step, NOW + timedelta(seconds=185)) == (
        "Still starting after 3 min 05 s. You can go on waiting."
    )


def test_who_waits_for_a_terminal_is_sent_there() -> None:
    step = ConnectStep(Name.OPENING, state=StepState.RUNNING, since=NOW)
    assert words.asks_there(step, NOW, word="ssh") == ""
    later = NOW + timedelta(seconds=3)
    assert words.asks_there(step, later, word="rdp") == ""
    assert words.asks_there(step, later, word="rdp", fetches=True) == (
        "The password has not come yet. If your keychain or password manager asks for something, "
        "answer it there."
    )
    assert words.asks_there(step, later, word="ssh") == (
        "If the terminal or your key agent asks for something, answer it there."
    )


def test_a_refusal_behind_a_gateway_is_not_laid_at_the_servers_door() -> None:
    told = words.why(
        CannotConnect(ConnectionOutcome.REFUSED),
        server="FILE-01",
        word="ssh",
        through="hop.example",
    )
    assert told.startswith("hop.example, or FILE-01 behind it, refused the connection.")


def test_a_server_that_runs_and_does_not_answer_is_told_of_after_a_minute() -> None:
    step = ConnectStep(Name.ANSWERING, state=StepState.RUNNING, since=NOW)
    assert words.late(step, NOW + timedelta(seconds=59)) == ""
    assert words.late(step, NOW + timedelta(seconds=61)).startswith(
        "Nothing has answered for 1 min"
    )
