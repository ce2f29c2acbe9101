"""The contract as a document: the one in the repository, and answers that keep it."""

import os
import uuid
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from autosky_desktop.domain.wire import Intent
from autosky_desktop.server.application import contract, document
from tests.support.control_plane import running_control_plane

DOCUMENT = Path(__file__).parents[3] / "resources" / "openapi.json"


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    settings = {"sign_in": True}  # all routes are there
    folder = tmp_path_factory.mktemp("schema")
    with running_control_plane(folder, settings=settings) as running:
        yield running


# 42.0 is an integer to JSON Schema alone, and no schema knows the moments and zones that there are.
EXCLUDED = [positive_data_acceptance]

schema = schemathesis.openapi.from_path(DOCUMENT).exclude(path="/v1/events")


def test_the_document_in_the_repository_is_the_one_generated():
    assert DOCUMENT.read_text().replace(os.linesep, "\n") == document()


def intents(of: type = Intent) -> list[type]:
    return [it for kind in of.__subclasses__() for it in (kind, *intents(kind))]


def test_what_is_asked_with_a_field_that_is_unknown_is_refused_by_the_document_too():
    schemas = contract()["components"]["schemas"]
    asked = {it.__name__ for it in intents()} & schemas.keys()
    assert len(asked) > 10
    assert [it for it in asked if schemas[it].get("additionalProperties") is not False] == []


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
