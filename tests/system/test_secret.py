"""A secret is in nothing that is printed, compared, copied or kept."""

import copy
import logging
import pickle
import traceback

import msgspec
import pytest

from autosky_desktop.system.connect.secrets import Secret

MARKER = "M4rker-of-a-secret"


def test_it_is_handed_over_to_the_letter_and_once_forgotten_is_nothing() -> None:
    with Secret("ñ–漢🔑") as secret:
        assert secret.reveal().decode() == "ñ–漢🔑"
        assert secret
    assert not secret
    assert secret.reveal() == b""


def test_it_does_not_print(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(MARKER)
    logging.getLogger("test").warning("%s %r", secret, {"a": [secret]})
    told = [str(secret), repr(secret), f"{secret}", format(secret), caplog.text]
    assert not [text for text in told if MARKER in text]


def test_it_is_not_in_a_traceback_that_prints_what_was_at_hand() -> None:
    secret = Secret(MARKER)
    try:
        raise ValueError(secret)
    except ValueError as cause:
        told = traceback.TracebackException.from_exception(cause, capture_locals=True)
    text = "".join(told.format())
    assert "Secret(…)" in text
    assert MARKER not in text


@pytest.mark.parametrize("away", [pickle.dumps, copy.copy, copy.deepcopy, msgspec.json.encode])
def test_it_does_not_travel(away: "type[object]") -> None:
    with pytest.raises(TypeError) as refused:
        away(Secret(MARKER))  # type: ignore[call-arg]
    assert MARKER not in str(refused.value)


def test_it_is_like_no_other() -> None:
    assert Secret(MARKER) != Secret(MARKER)


def test_half_a_character_makes_no_error_that_would_quote_the_rest() -> None:
    assert Secret(f"{MARKER}\ud83d").reveal().startswith(MARKER.encode())
