"""The control plane as typed coroutines. The only place that knows HTTP."""

import sys

# httpx brings its own command line in when click and rich are around, and they are, for the
# control plane: 70 ms and 8 MiB of the window's process for something nobody here can call
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
