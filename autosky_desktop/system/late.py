"""Modules that are loaded when something of them is first used."""

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def load(name: str) -> None:
    """Whoever imports this module from now on has it, but not yet what is in it.

    Something of it has to be used before there is a second thread: two must not load it at once.
    """
    if name not in sys.modules and (spec := find_spec(name)):
        module = sys.modules[name] = module_from_spec(spec)
        module.__class__ = _Late


class _Late(ModuleType):
    """Not Python's own, which is loaded by every further `import` of it."""

    def __getattr__(self, name: str) -> object:
        _fill(self)
        return getattr(self, name)


def _fill(module: ModuleType) -> None:
    module.__class__ = ModuleType
    if module.__spec__ and module.__spec__.loader:
        module.__spec__.loader.exec_module(module)
