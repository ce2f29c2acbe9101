"""The reasons why a client was not started, in words."""

from collections.abc import Mapping

from autosky_desktop.words.language import N_

RDP: Mapping[str, str] = {
    "dropped": N_(
        "The server ended the connection while {account} was being signed in. Most often the user "
        "or the password is wrong; the server may also have no Remote Desktop license left."
    ),
}
"""The reasons why there is no session over Remote Desktop, where more is known than its end."""

CLIENT: Mapping[str, str] = {
    "gateway": N_(
        "This client cannot be sent through a gateway. Choose another client in "
        "Settings, or another address."
    ),
    "gateway-account": N_(
        "The gateway wants an account of its own, and a second password cannot be "
        "handed over safely. Choose another address, or another client in Settings."
    ),
    "other-credential": N_(
        "Windows has another user's password for {server} and would sign that user in. "
        "Remove it in the Credential Manager, or wait half a minute."
    ),
    "credential": N_(
        "Windows did not accept the password for this connection. Connect with an empty "
        "one, and type it in the client."
    ),
    "silent-agent": N_(
        "The key agent that your SSH configuration names for a jump host does not "
        "answer. Unlock it or start it again, then try again."
    ),
    "no-file": N_(
        "The files that the client needs could not be written. Check whether the disk is "
        "full, then try again.",
    ),
    "long-folder": N_(
        "The name of the folder for running programs is too long to pass a password on "
        "through it. Set XDG_RUNTIME_DIR to a shorter one, then start Autosky Desktop "
        "again."
    ),
}  # fmt: skip
"""The reasons by the launcher's own word, each with what to do."""
