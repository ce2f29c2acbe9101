"""Every way in which no password comes has a sentence with what to do."""

import pytest

from autosky_desktop.domain.connecting import CannotConnect, Trouble
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.secrets import KeychainFailed, KeychainState, VaultFailed, VaultFailure
from autosky_desktop.words import connecting, errors, secrets

FAILURES = [
    *(KeychainFailed(state) for state in KeychainState if state is not KeychainState.READY),
    *(VaultFailed(why, 3 if why is VaultFailure.FAILED else None) for why in VaultFailure),
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_each_has_a_sentence_of_its_own(failure: Exception) -> None:
    told = [secrets.sentence(it) for it in FAILURES]
    mine = secrets.sentence(failure)
    assert told.count(mine) == 1
    assert mine.endswith(".")
    assert "{" not in mine
    assert "None" not in mine


def test_the_exit_code_is_named() -> None:
    told = secrets.sentence(VaultFailed(VaultFailure.FAILED, 3))
    assert told.startswith("The vault command failed with code 3.")


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_a_connection_says_it_too(failure: Exception) -> None:
    trouble = CannotConnect(Trouble.NO_SECRET, "word", failure)
    assert connecting.why(trouble, server="PREP-ERP-PROD-01").endswith(secrets.sentence(failure))


def test_other_errors_keep_their_sentences() -> None:
    full = CannotWrite("full")
    assert secrets.sentence(full) == errors.sentence(full)


@pytest.mark.parametrize("state", KeychainState)
def test_each_state_is_told(state: KeychainState) -> None:
    assert secrets.state(state).endswith(".")
