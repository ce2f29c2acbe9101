"""What holds for every test."""

import os

# Windows are drawn in memory unless a platform is named: no test needs a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
