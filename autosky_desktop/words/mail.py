"""Email in words: why it did not leave, and what can be done about that."""

from collections.abc import Mapping

from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.wire import Word
from autosky_desktop.words.language import N_, _

TROUBLES: Mapping[Word, str] = {
    MailTrouble.NO_SERVER: N_("No mail server was set."),
    MailTrouble.UNREACHABLE: N_("The mail server did not answer."),
    MailTrouble.NO_ENCRYPTION: N_("The connection to the mail server could not be encrypted."),
    MailTrouble.CERTIFICATE: N_("This computer does not trust the certificate of the mail server."),
    MailTrouble.SIGN_IN: N_("The mail server did not accept the account or its password."),
    MailTrouble.SENDER: N_("The mail server did not accept the sender."),
    MailTrouble.RECIPIENTS: N_("Not delivered to"),
    MailTrouble.FAILED: N_("The mail server did not accept the email."),
}
"""The reasons. Addresses follow `mail-refused`; the mail server's words follow the others."""

REMEDIES: Mapping[Word, str] = {
    MailTrouble.UNREACHABLE: N_("Check its name, its port and the encryption."),
    MailTrouble.NO_ENCRYPTION: N_("Check the port: STARTTLS is usual at 587, TLS at 465."),
    MailTrouble.CERTIFICATE: N_(
        "Use the server name that the certificate is for, or have your system trust whoever "
        "issued it.",
    ),
    MailTrouble.SIGN_IN: N_(
        "Many providers want an app password here instead of the one you sign in with."
    ),
    MailTrouble.SENDER: N_("Most servers only accept the address of the account itself."),
}


def trouble(code: str, detail: str) -> str:
    """Say why an email did not leave, with what the mail server said, and what can be done."""
    word = MailTrouble(code)
    known = TROUBLES.get(word, TROUBLES[MailTrouble.FAILED])
    first = _(known)
    if detail:
        end = "" if detail.endswith((".", "!", "?")) else "."
        first = f"{first} {detail}{end}"
    remedy = REMEDIES.get(word)
    return f"{first} {_(remedy)}" if remedy else first
