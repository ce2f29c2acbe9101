"""The window: of this program's layers the only one that knows Qt."""

import builtins

_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401

# PySide puts an import function of its own in place, which reads the source of every module that
# is imported from then on, in search of feature switches that nobody here uses, and keeps it:
# 8 MiB, and a tenth of the time to the first servers on the screen
builtins.__import__ = _import
