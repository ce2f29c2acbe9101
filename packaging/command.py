"""What the frozen `autosky` runs."""

import sys

from autosky_desktop.cli import main

sys.exit(main())
