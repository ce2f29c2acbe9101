"""Whom one is asked to trust is named, and what is to be compared is shown."""

from autosky_desktop.domain.connecting import HostCheck, TrustVerdict
from autosky_desktop.words import connect_form
from autosky_desktop.words.times import moment_in_full
from tests.support.connecting import KNOWN, SEEN
from tests.support.evening import NOW


def question(verdict: TrustVerdict, gateway: str = "") -> str:
    look = HostCheck(verdict=verdict, seen=SEEN, host="10.20.0.31", gateway=gateway)
    return connect_form.trust_question(look, server="FILE-01", word="ssh")


def test_a_fingerprint_can_be_compared_by_eye() -> None:
    first, second = connect_form.fingerprint_groups(SEEN).split("\n")
    assert first == second == " ".join(["AB01"] * 8)
    assert connect_form.fingerprint_groups("SHA256:" + "A" * 43) == (
        "AAAAAAAA AAAAAAAA AAAAAAAA\nAAAAAAAA AAAAAAAA AAA"
    )


def test_the_gateway_is_asked_about_where_it_is_what_was_looked_at() -> None:
    assert question(TrustVerdict.NEW).startswith(
        "This computer has not connected to FILE-01 before"
    )
    asked = question(TrustVerdict.NEW, gateway=KNOWN)
    assert asked.startswith("This computer has not connected to 10.20.0.31 before")
    assert "Compare it with what 10.20.0.31 itself says" in asked


def test_a_new_name_of_the_control_planes_is_asked_about() -> None:
    asked = question(TrustVerdict.NAMED_ANEW)
    assert asked.startswith("FILE-01 shows a different host key from the one this computer knew.")
    assert question(TrustVerdict.CHANGED) == ""


def test_a_renewed_certificate_is_told_with_the_end_of_the_old_one() -> None:
    look = HostCheck(verdict=TrustVerdict.RENEWED, seen=SEEN, known=KNOWN, known_until=NOW)
    asked = connect_form.trust_question(look, server="FILE-01", word="rdp")
    assert asked.startswith(
        "FILE-01 shows a new certificate. The one this computer knew was valid until "
        f"{moment_in_full(NOW)}, and Windows renews"
    )
