"""Where things live on this computer."""

import os
import sys
from pathlib import Path

import platformdirs

NAME = "autosky-desktop"


def resources() -> Path:
    """Icons, fonts and the contract: beside the package, inside it when installed or frozen."""
    package = Path(__file__).parent.parent
    inside = package / "resources"
    return inside if inside.is_dir() or hasattr(sys, "frozen") else package.parent / "resources"


def data() -> Path:
    """The embedded control plane's databases."""
    return platformdirs.user_data_path(NAME, appauthor=False)


def settings() -> Path:
    return platformdirs.user_config_path(NAME, appauthor=False)


def logs() -> Path:
    return platformdirs.user_log_path(NAME, appauthor=False)


def runtime() -> Path:
    """What lives no longer than the session: for its owner alone."""
    session = os.environ.get("XDG_RUNTIME_DIR")
    if session:
        return Path(session) / NAME
    return platformdirs.user_cache_path(NAME, appauthor=False) / "run"
