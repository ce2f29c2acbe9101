"""What a password may be, where a token may be used from, and how long a guesser waits."""

import pytest

from autosky_desktop.domain.sign_in import PasswordFault
from autosky_desktop.server.sign_in import rules

EMAIL = "ana.souza@erp.example"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Aa1!aaa", PasswordFault.TOO_SHORT),
        ("Bo1!" + "k" * 29, PasswordFault.TOO_LONG),
        (rules.normalized("\ufdfa" * 256), PasswordFault.TOO_LONG),  # of 4,608 characters
        ("bolo-de-milho7", PasswordFault.NO_UPPER),
        ("BOLO-DE-MILHO7", PasswordFault.NO_LOWER),
        ("Bolo-de-milho", PasswordFault.NO_DIGIT),
        ("Bolodemilho7", PasswordFault.NO_SPECIAL),
        ("P@ssw0rd1!", PasswordFault.COMMON),
        ("Mudar@123", PasswordFault.COMMON),
        ("Contraseña1!", PasswordFault.COMMON),
        ("123!S3nh@", PasswordFault.COMMON),
        ("Pass-Word-2026", PasswordFault.COMMON),
        ("Ana.Souza#1", PasswordFault.LIKE_EMAIL),
        ("Bolo-de-milho7", None),
        ("Bo1!" + "k" * 28, None),
        ("Çà1!çàçà", None),
        ("Пароль-дня7", None),
    ],
)
def test_a_password_is_taken_or_told_why_not(password, fault):
    assert rules.fault(password, EMAIL) == fault


def test_a_short_name_of_an_email_may_stand_in_a_password():
    assert rules.fault("Bolo-jo-milho7", "jo@erp.example") is None


def test_the_same_letters_of_two_keyboards_are_the_same_password():
    composed, apart = "Cafe\u0301-da-manha\u03037", "Caf\u00e9-da-manh\u00e37"
    assert rules.normalized(composed) == rules.normalized(apart)
    assert len(rules.normalized("\ufdfa" * 8)) > rules.LONGEST  # it is counted as it is compared


@pytest.mark.parametrize(
    ("address", "networks", "within"),
    [
        ("203.0.113.9", [], True),
        ("203.0.113.9", ["203.0.113.0/24"], True),
        ("203.0.113.9", ["203.0.113.10"], False),
        ("203.0.113.9", ["198.51.100.0/24", "203.0.113.9/32"], True),
        ("::ffff:203.0.113.9", ["203.0.113.0/24"], True),
        ("2001:db8::9", ["2001:db8::/64"], True),
        ("2001:db8:1::9", ["2001:db8::/64"], False),
        ("2001:db8::9", ["203.0.113.0/24"], False),
        ("fe80::9%eth0", ["fe80::/10"], True),
        ("", ["203.0.113.0/24"], False),
        ("a.sock", ["203.0.113.0/24"], False),
    ],
)
def test_a_caller_is_in_a_network_or_not(address, networks, within):
    assert rules.is_within(address, networks) is within


@pytest.mark.parametrize("text", ["", "anywhere", "203.0.113.0/33", "203.0.113", "300.1.1.1", "/8"])
def test_what_is_no_network_is_none(text):
    assert rules.network(text) is None


def test_who_moves_within_their_own_network_stays_in_one_place():
    assert rules.place("203.0.113.9") == rules.place("203.0.113.200")
    assert rules.place("203.0.113.9") != rules.place("203.0.114.9")
    assert rules.place("2001:db8::1:2:3:4") == rules.place("2001:db8::4:3:2:1")
    assert rules.place("::ffff:203.0.113.9") == rules.place("203.0.113.1")


def test_a_guesser_waits_longer_each_time_and_a_quarter_of_an_hour_at_most():
    waits = [rules.wait_seconds(tries) for tries in range(16)]
    assert waits[:7] == [0, 0, 0, 1, 2, 4, 8]
    assert waits == sorted(waits)
    assert rules.wait_seconds(10_000) == waits[-1] == 900
