"""The double of AWS for these tests, empty for each."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.support.aws_double import AwsDouble, running_double


@pytest.fixture(scope="session")
def new_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], AwsDouble]]:
    with running_double(tmp_path_factory.mktemp("aws")) as new:
        yield new


@pytest.fixture
def aws(
    new_double: Callable[[], AwsDouble], monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwsDouble]:
    """An account with nothing in it. No call may be one that the double does not know."""
    double = new_double()
    for name in [it for it in os.environ if it.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(double.folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(double.folder / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield double
    assert double.unknown == []
