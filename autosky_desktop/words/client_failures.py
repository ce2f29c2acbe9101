"""The reasons in words why a client was not started, and why there is no session where more is
known than how it ended.
"""

from collections.abc import Mapping

from autosky_desktop.words.language import N_

RDP: Mapping[str, str] = {
    "dropped": N_(
        "The server refused this user or password. If both are right, it may have no Remote "
        "Desktop license left: it ended the connection without a word."
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


TUNNEL: Mapping[str, str] = {
    "missing": N_(
        "The Session Manager plugin of AWS (session-manager-plugin) is not installed on this "
        "computer. Install it, or choose another address."
    ),
    "old": N_(
        "The Session Manager plugin on this computer is too old to be told in private how to open "
        "the tunnel. Update it, then try again."
    ),
    "broken": N_(
        "The Session Manager plugin on this computer does not start. Install it again, then try "
        "again."
    ),
    "closed": N_(
        "The Session Manager plugin ended at once: AWS did not accept the tunnel, the agent on the "
        "server is too old for it, or this computer has no way to AWS. Check your network or proxy "
        "and the agent, then try again."
    ),
    "silent": N_(
        "The Session Manager plugin opened no port in time. Check whether this computer gets "
        "through to AWS, and the agent on the server to Systems Manager."
    ),
    "no-file": N_(
        "The file that it needs could not be written. Check whether the disk is full, then try "
        "again."
    ),
}
"""The reasons why a tunnel was not opened, each with what to do."""

SSH: Mapping[str, str] = {
    "old": N_(
        "{server} and the SSH client on this computer have no encryption in common; most "
        "often the server only offers an old one. Update the SSH server there, or allow "
        "it in your own SSH configuration and use that (Settings, Connecting).",
    ),
    "client-old": N_(
        "The SSH client on this computer is too old to say whom it sees before it signs in, so "
        "nothing was sent. Update it to OpenSSH 8.5 or later.",
    ),
    "forward": N_(
        "Your SSH configuration forwards a port that cannot be used now, and asks to stop then "
        "(ExitOnForwardFailure). Most often another session to {server} already has that port; "
        "end that one, or change the configuration.",
    ),
    "silent": N_(
        "Something accepts connections at {address}, but it does not say who it is. "
        "{server} may be overloaded, or what answers there uses another protocol."
    ),
    "closed": N_(
        "{server} accepted the connection and closed it at once, so nothing was sent. "
        "It may be full, count too many attempts from here, or speak something else than SSH. "
        "Wait a minute, then try again."
    ),
    "way": N_(
        "The jump host or proxy in your SSH configuration could not reach {server}. Try "
        "“ssh {address}” in a terminal to see why."
    ),
    "config": N_(
        "The SSH client on this computer does not accept your SSH configuration. Correct "
        "the file, or stop using it (Settings, Connecting).",
    ),
    "revoked": N_(
        "Your SSH configuration says that the key of {server} is revoked, or its list "
        "of revoked keys cannot be read. Nothing was sent. Ask whoever manages that list."
    ),
    "unknown": N_(
        "The SSH client on this computer stopped before it saw who {server} is. Try "
        "“ssh {address}” in a terminal to see why."
    ),
    "password": N_(
        "The server refused this user or password. It answers the same when the account "
        "is locked, may not sign in there, or has a login shell that does not exist."
    ),
    "too-many-keys": N_(
        "{server} ended the sign-in before the right key was tried: your agent offers "
        "too many. Enter the password here, or load fewer keys into the agent."
    ),
    "no-passwords": N_(
        "{server} lets nobody in by a password alone, and none of your keys lets "
        "{account} in. Have your key added there, or load the right one into your agent."
    ),
    "not-asked": N_(
        "{server} did not ask for the password, and did not let {account} in any other "
        "way. It may want a code or a key, or your SSH configuration may forbid passwords."
    ),
    "second": N_(
        "{server} accepted the password of {account}, but wants more than that. Connect "
        "again with an empty password, and answer in the terminal what it asks."
    ),
    "answers": N_(
        "{server} asked for more than the password of {account}, and refused the "
        "answers. The password or the code may be wrong; connect again to try once more."
    ),
    "brief": N_(
        "{server} signed {account} in and ended the session at once. Its window shows "
        "what it said; the account may not be allowed to open a terminal."
    ),
}  # fmt: skip
"""The reasons, by the word that the check of the server or the session gives."""
