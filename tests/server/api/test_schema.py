"""The contract as a document: the one in the repository, and answers that keep it."""

import os
import uuid
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    positive_data_acceptance,
)

from autosky_desktop.server.api.app import document
from tests.support.control_plane import running_control_plane

DOCUMENT = Path(__file__).parents[3] / "resources" / "openapi.json"


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    with running_control_plane(tmp_path_factory.mktemp("schema")) as running:
        yield running


# OPTIONS is Litestar's own and no part of the contract; 42.0 is an integer to JSON Schema alone.
EXCLUDED = [allow_header_conformance, positive_data_acceptance]

schema = schemathesis.openapi.from_path(DOCUMENT).exclude(path="/v1/events")


def test_the_document_in_the_repository_is_the_one_generated():
    assert DOCUMENT.read_text().replace(os.linesep, "\n") == document()


# Named by a parameter, too: pytest 9.2 drops the operation from a name that has none.
@schema.parametrize()
@pytest.mark.parametrize("called", ["embedded"], indirect=True)
@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_keep_the_contract(case, called):
    headers = {"Authorization": f"Bearer {called.token}", "Idempotency-Key": str(uuid.uuid4())}
    case.call_and_validate(base_url=called.url, headers=headers, excluded_checks=EXCLUDED)
