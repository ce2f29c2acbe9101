"""The ready-made messages that users can be sent."""

from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate

_TEXTS = {
    "critical": QT_TRANSLATE_NOOP(
        "message",
        "A critical update is ready. Please save your work and sign in again. "
        "You will be disconnected in {minutes} minutes.",
    ),
    "version": QT_TRANSLATE_NOOP(
        "message",
        "Version {version} is ready. Please save your work, sign out and sign in again "
        "before {time}.",
    ),
    "maintenance": QT_TRANSLATE_NOOP(
        "message",
        "Maintenance begins at {time}. Please save your work now. "
        "You can sign in again a few minutes later.",
    ),
}

_NAMES = {
    "critical": QT_TRANSLATE_NOOP("message", "critical update"),
    "version": QT_TRANSLATE_NOOP("message", "new version"),
    "maintenance": QT_TRANSLATE_NOOP("message", "maintenance"),
}

TEMPLATES = tuple(_TEXTS)


def text(template: str) -> str:
    return translate("message", _TEXTS[template])


def name(template: str) -> str:
    return translate("message", _NAMES[template])


def template_of(typed: str) -> str | None:
    """Find the template that was typed to the letter; None: somebody wrote the message."""
    return next((it for it in TEMPLATES if text(it) == typed.strip()), None)
