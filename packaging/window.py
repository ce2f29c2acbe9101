"""What the frozen `autosky-desktop` runs."""

import sys

from autosky_desktop.cli import desktop

sys.exit(desktop())
