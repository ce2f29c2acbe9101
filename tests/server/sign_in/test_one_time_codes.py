"""One-time codes at the edges of their steps, and recovery codes as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from autosky_desktop.server.sign_in import one_time_codes
from autosky_desktop.server.sign_in.one_time_codes import accepted_step

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238, appendix B: "12345678901234567890"."""


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(at, code):
    now = datetime.fromtimestamp(at, UTC)
    assert accepted_step(RFC_SECRET, code, now, None) == at // 30
    assert accepted_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", now, None) == at // 30


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [(-31, False), (-30, True), (0, True), (29.999, True), (59.999, True), (60, False)],
)
def test_a_code_is_good_one_step_before_its_own_and_one_after(seconds, accepted):
    begins = datetime.fromtimestamp(1111111080, UTC)
    found = accepted_step(RFC_SECRET, "081804", begins + timedelta(seconds=seconds), None)
    assert found == (1111111080 // 30 if accepted else None)


def test_a_code_works_once_and_no_older_one_after_it():
    now = datetime.fromtimestamp(1111111109, UTC)
    step = accepted_step(RFC_SECRET, "081804", now, None)
    assert step is not None
    assert accepted_step(RFC_SECRET, "081804", now, step) is None
    put_back = now - timedelta(days=1)
    older = one_time_codes.pyotp.TOTP(RFC_SECRET).at(put_back)
    assert accepted_step(RFC_SECRET, older, put_back, None) is not None
    assert accepted_step(RFC_SECRET, older, put_back, step) is None


@pytest.mark.parametrize("code", ["", "08180", "0818044", "٠٨١٨٠٤", "081804\n081804", "é" * 6])
def test_what_is_no_code_is_wrong_and_no_error(code):
    now = datetime.fromtimestamp(1111111109, UTC)
    assert accepted_step(RFC_SECRET, code, now, None) is None


def test_an_authenticator_reads_whose_secret_it_is():
    secret = one_time_codes.new_secret()
    assert len(secret) == 32
    uri = one_time_codes.uri(secret, "ana@erp.example")
    assert uri == (f"otpauth://totp/Autosky:ana%40erp.example?secret={secret}&issuer=Autosky")


def test_recovery_codes_are_ten_and_read_as_people_type_them():
    codes = one_time_codes.new_recovery_codes()
    assert len(set(codes)) == 10
    assert {len(one_time_codes.plain_recovery_code(it)) for it in codes} == {16}
    for code in codes:
        typed = code.upper().replace("-", " ")
        assert one_time_codes.plain_recovery_code(typed) == code.replace("-", "")
        assert one_time_codes.looks_like_recovery(typed)
    assert not one_time_codes.looks_like_recovery("081 804")
