"""Email in words: why it did not leave, and what can be done about that."""

from collections.abc import Mapping

from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.wire import Word
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate

TROUBLES: Mapping[Word, str] = {
    MailTrouble.NO_SERVER: QT_TRANSLATE_NOOP("mail", "No mail server was set."),
    MailTrouble.UNREACHABLE: QT_TRANSLATE_NOOP("mail", "The mail server did not answer."),
    MailTrouble.NO_ENCRYPTION: QT_TRANSLATE_NOOP(
        "mail", "The connection to the mail server could not be encrypted."
    ),
    MailTrouble.CERTIFICATE: QT_TRANSLATE_NOOP(
        "mail", "This computer does not trust the certificate of the mail server."
    ),
    MailTrouble.SIGN_IN: QT_TRANSLATE_NOOP(
        "mail", "The mail server did not accept the account or its password."
    ),
    MailTrouble.SENDER: QT_TRANSLATE_NOOP("mail", "The mail server did not accept the sender."),
    MailTrouble.RECIPIENTS: QT_TRANSLATE_NOOP("mail", "Not delivered to"),
    MailTrouble.FAILED: QT_TRANSLATE_NOOP("mail", "The mail server did not accept the email."),
}
"""The reasons. Addresses follow `mail-refused`; the mail server's words follow the others."""

REMEDIES: Mapping[Word, str] = {
    MailTrouble.UNREACHABLE: QT_TRANSLATE_NOOP(
        "mail", "Check its name, its port and the encryption."
    ),
    MailTrouble.NO_ENCRYPTION: QT_TRANSLATE_NOOP(
        "mail", "Check the port: STARTTLS is usual at 587, TLS at 465."
    ),
    MailTrouble.CERTIFICATE: QT_TRANSLATE_NOOP(
        "mail",
        "Use the server name that the certificate is for, or have your system trust whoever "
        "issued it.",
    ),
    MailTrouble.SIGN_IN: QT_TRANSLATE_NOOP(
        "mail", "Many providers want an app password here instead of the one you sign in with."
    ),
    MailTrouble.SENDER: QT_TRANSLATE_NOOP(
        "mail", "Most servers only accept the address of the account itself."
    ),
}


def trouble(code: str, detail: str) -> str:
    """Say why an email did not leave, with what the mail server said, and what can be done."""
    word = MailTrouble(code)
    known = TROUBLES.get(word, TROUBLES[MailTrouble.FAILED])
    first = translate("mail", known)
    if detail:
        end = "" if detail.endswith((".", "!", "?")) else "."
        first = f"{first} {detail}{end}"
    remedy = REMEDIES.get(word)
    return f"{first} {translate('mail', remedy)}" if remedy else first
