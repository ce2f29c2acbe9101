"""The contract as an application: routes, what they are handed, and how errors are answered."""

import json
from itertools import chain
from typing import Any

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from autosky_desktop import __version__
from autosky_desktop.domain.api_token import ApiTokenRequest
from autosky_desktop.domain.connection import ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.demo import FaultSetting
from autosky_desktop.domain.environment_settings import EnvironmentSettings, FindRequest
from autosky_desktop.domain.mail import MailServer, MailSetting, MailTest
from autosky_desktop.domain.people import MemberRemoval, MemberSetting, PersonSettings
from autosky_desktop.domain.plan import (
    MODELS,
    Deadline,
    EditRequest,
    GoOn,
    Hold,
    MoveRequest,
    Options,
    Plan,
    PreviewRequest,
    PublishRequest,
    Reconnection,
    Schedule,
)
from autosky_desktop.domain.server import PowerRequest, ShutdownRequest
from autosky_desktop.domain.session import EndSessions
from autosky_desktop.domain.sign_in import (
    CodeConfirmation,
    CodeEnrolmentRequest,
    CodeRemoval,
    CodeRequest,
    InvitationRequest,
    InviteRequest,
    OpenIdAnswer,
    OpenIdRequest,
    PasswordChange,
    RefreshRequest,
    SignInRequest,
)
from autosky_desktop.server.activity import routes as activity
from autosky_desktop.server.api import problems
from autosky_desktop.server.api import routes as api
from autosky_desktop.server.connections import routes as connections
from autosky_desktop.server.demo import routes as demo
from autosky_desktop.server.environments import routes as environments
from autosky_desktop.server.environments import settings_routes as environment_settings
from autosky_desktop.server.feed import routes as feed
from autosky_desktop.server.mail import routes as mail
from autosky_desktop.server.members import routes as members
from autosky_desktop.server.people.requires import OPEN, REQUIRES, guard
from autosky_desktop.server.process.lazy_imports import without_attrs
from autosky_desktop.server.publications import routes as publications
from autosky_desktop.server.servers import routes as servers
from autosky_desktop.server.sessions import routes as sessions

SUBJECTS = (
    activity,
    connections,
    demo,
    environments,
    environment_settings,
    feed,
    mail,
    members,
    publications,
    servers,
    sessions,
)

INTENTS = (
    Plan,
    Options,
    Reconnection,
    Deadline,
    Hold,
    PreviewRequest,
    PublishRequest,
    Schedule,
    MoveRequest,
    EditRequest,
    GoOn,
    PowerRequest,
    ShutdownRequest,
    EndSessions,
    ConnectionBegun,
    ConnectionEnded,
    MailServer,
    MailSetting,
    MailTest,
    FaultSetting,
    FindRequest,
    EnvironmentSettings,
    PersonSettings,
    MemberSetting,
    MemberRemoval,
    ApiTokenRequest,
    SignInRequest,
    CodeRequest,
    InvitationRequest,
    RefreshRequest,
    OpenIdRequest,
    OpenIdAnswer,
    PasswordChange,
    CodeEnrolmentRequest,
    CodeConfirmation,
    CodeRemoval,
    InviteRequest,
)
"""What a body may be; the contract says of each that a field nobody knows is refused."""

PARTS = (
    "engine",
    "bus",
    "broadcast",
    "now",
    "itself",
    "authenticator",
    "idempotency",
    "power_commands",
    "shutdown_commands",
    "publishing",
    "schedule_commands",
    "publication_commands",
    "provider_updates",
    "lookups",
    "environment_commands",
    "session_commands",
    "connection_commands",
    "mail_commands",
    "demo_faults",
    "people_commands",
    "sign_in",
)
"""What handlers take, by name. No field of an intent has one of these names: Litestar would take a
bad field for a bad part.
"""

LONGEST_BODY = 64 * 1024
"""The most bytes of a body: the longest that makes sense ends a thousand sessions."""


PREFIX = "/v1"
SIGN_IN = "sign_in"
"""A part of the control planes alone at which people sign in."""


def handlers(*, sign_in: bool = True) -> list[HTTPRouteHandler]:
    """Return the handlers of all routes, or of those at which nobody signs in: what it takes to
    keep passwords is not loaded for these.
    """
    found = [*api.HANDLERS, *chain.from_iterable(it.HANDLERS for it in SUBJECTS)]
    if sign_in:
        from autosky_desktop.server.sign_in import routes

        found += routes.HANDLERS
    return found


def open_paths(*, sign_in: bool = True) -> frozenset[str]:
    """Return the paths that anybody may call, without being signed in."""
    opened = (it for it in handlers(sign_in=sign_in) if it.opt[REQUIRES] == OPEN)
    return frozenset(PREFIX + path for it in opened for path in it.paths)


def application(parts: dict[str, Any], *, contract: bool = False) -> Litestar:
    """Build the application from `parts`, which handlers take by the names in PARTS. Only with
    `contract` can it generate the document.
    """
    with without_attrs():
        return _application(parts, contract=contract)


def _application(parts: dict[str, Any], *, contract: bool) -> Litestar:
    return Litestar(
        handlers(sign_in=SIGN_IN in parts),
        path=PREFIX,  # a router for it would be copied whole, at a fifth of the time this takes
        dependencies={name: _provided(part) for name, part in parts.items()},
        guards=[guard(parts["engine"])],
        exception_handlers=problems.HANDLERS,
        openapi_config=_openapi() if contract else None,
        logging_config=None,
        request_max_body_size=LONGEST_BODY,
    )


def contract() -> dict[str, Any]:
    """Return the OpenAPI document as plain data."""
    schema = application(dict.fromkeys(PARTS), contract=True).openapi_schema.to_schema()
    schema.pop("servers", None)
    for intent in INTENTS:  # Litestar does not say of them what they do
        schema["components"]["schemas"][intent.__name__]["additionalProperties"] = False
    schema["components"]["schemas"]["Plan"]["properties"]["model"]["enum"] = [
        model.value for model in MODELS
    ]
    plain: dict[str, Any] = msgspec.to_builtins(schema)
    return plain


def document() -> str:
    """Return the contract as text, in the form kept in the repository."""
    return json.dumps(contract(), indent=2, sort_keys=True) + "\n"


def _provided(part: object) -> Provide:
    return Provide(lambda: part, use_cache=True, sync_to_thread=False)


def _openapi() -> OpenAPIConfig:
    bearer = SecurityScheme(type="http", scheme="bearer")
    return OpenAPIConfig(
        title="Autosky control plane",
        version=__version__,
        components=Components(security_schemes={"token": bearer}),
        security=[{"token": []}],
        use_handler_docstrings=True,
        render_plugins=(),
    )
