"""The contract as text, the way it is kept in the repository."""

import json

from autosky_desktop.server.api.app import contract


def text() -> str:
    return json.dumps(contract(), indent=2, sort_keys=True) + "\n"
