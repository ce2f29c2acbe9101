"""Environments whose machines are run by libvirt, on this computer or on another.

Nothing here imports the library of libvirt but what `plugin` imports when it is called.
"""

from autosky_desktop.server.providers.libvirt.plugin import plugin

__all__ = ["plugin"]
