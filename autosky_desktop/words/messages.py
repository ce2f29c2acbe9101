"""The ready-made messages that users can be sent."""

from autosky_desktop.words.language import N_, _

_TEXTS = {
    "critical": N_(
        "A critical update is ready. Please save your work and sign in again. "
        "You will be disconnected in {minutes} minutes.",
    ),
    "version": N_(
        "Version {version} is ready. Please save your work, sign out and sign in again "
        "before {time}.",
    ),
    "maintenance": N_(
        "Maintenance begins at {time}. Please save your work now. "
        "You can sign in again a few minutes later.",
    ),
}

_NAMES = {
    "critical": N_("Critical update"),
    "version": N_("New version"),
    "maintenance": N_("Maintenance"),
}

TEMPLATES = tuple(_TEXTS)


def text(template: str) -> str:
    return _(_TEXTS[template])


def name(template: str) -> str:
    return _(_NAMES[template])


def template_of(typed: str) -> str | None:
    """Find the template that was typed to the letter; None: somebody wrote the message."""
    return next((it for it in TEMPLATES if text(it) == typed.strip()), None)
