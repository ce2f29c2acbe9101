"""The routes of the mail server, in a module of their own as each subject's are.

Neither keeps what it was sent: there is a password in it.
"""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, RawBody

from autosky_desktop.domain.mail import MailSetting, MailState, MailTest
from autosky_desktop.server.api.bodies import plain, strictly
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.mail.commands import MailCommands
from autosky_desktop.server.people.requires import ADMINISTRATOR, REQUIRES


@post(
    "/mail-server",
    status_code=200,
    responses=specs(400, 409),
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="setMailServer",
)
async def set_mail_server(
    mail_commands: NamedDependency[MailCommands], data: JSONBody[MailSetting], body: RawBody
) -> Response[MailState]:
    """Set the mail server that sends letters from now on. Only a control plane that a desktop
    started for itself accepts this.
    """
    return plain(mail_commands.use(strictly(data, body).server))


@post(
    "/mail-server/try",
    status_code=200,
    responses=specs(400, 409),
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="tryMailServer",
)
async def try_mail_server(
    mail_commands: NamedDependency[MailCommands], data: JSONBody[MailTest], body: RawBody
) -> Response[MailState]:
    """Send a letter by the server given, without setting it. If the answer has no `trouble`, the
    server accepted the letter.
    """
    return plain(await mail_commands.send_test_email(strictly(data, body)))


HANDLERS = (set_mail_server, try_mail_server)
