"""The commands about API tokens, with which programs sign in as whoever made them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network

import click

from autosky_desktop.client.sign_in import OwnSignInCalls
from autosky_desktop.console import lookups
from autosky_desktop.console.reach import Reached, reaching
from autosky_desktop.domain.api_token import ApiToken, ApiTokenRequest
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import LONGEST_DESCRIPTION
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _
from autosky_desktop.words.people import role_name
from autosky_desktop.words.times import moment

ROLES = click.Choice([Role.VIEWER.value, Role.OPERATOR.value, Role.MANAGER.value])
DAYS = click.IntRange(1, 3650)


@click.group("token", help=words.TOKENS)
def token() -> None:
    """Hold the commands together."""


@token.command("create", help=words.TOKEN_CREATE)
@click.argument("description")
@click.option("--days", type=DAYS, default=90, show_default=True, help=words.TOKEN_DAYS)
@click.option("--role", type=ROLES, default="viewer", show_default=True, help=words.TOKEN_ROLE)
@click.option("--address", multiple=True, metavar="ADDRESS", help=words.TOKEN_ADDRESS)
@click.option("--environment", multiple=True, metavar="NAME", help=words.TOKEN_ENVIRONMENT)
@reaching
async def create(
    reached: Reached,
    description: str,
    days: int,
    role: str,
    address: tuple[str, ...],
    environment: tuple[str, ...],
) -> int:
    """Make a token, and write it alone, so that a script can put it into a file."""
    if not description.strip() or len(description) > LONGEST_DESCRIPTION:
        raise click.UsageError(words.no_description(LONGEST_DESCRIPTION))
    for it in address:
        _refuse_other_than_network(it)
    homes = [lookups.environment(reached, name).id for name in environment]
    request = ApiTokenRequest(
        description=description,
        role=Role(role),
        until=reached.now() + timedelta(days=days),
        addresses=list(address),
        environments=homes or None,
    )
    with _refusals(_(words.NO_TOKENS_THERE)):
        made = await _tokens(reached).make_token(request)
    if reached.output.json:
        reached.output.tell(made)
        return 0
    click.echo(made.token)
    until = moment(made.made.until, now=reached.now(), inside=True)
    reached.output.say(words.token_made(made.made.id, until))
    return 0


@token.command("list", help=words.TOKEN_LIST)
@reaching
async def listing(reached: Reached) -> int:
    with _refusals(_(words.NO_TOKENS_THERE)):
        every = (await _tokens(reached).tokens()).tokens
    heads = (words.ID, words.DESCRIPTION, words.ROLE, words.GOOD_UNTIL)
    reached.output.listing(
        every,
        (*heads, words.ADDRESSES, words.TOKEN_ENVIRONMENTS),
        lambda it: (
            it.id,
            it.description,
            role_name(it.role),
            moment(it.until, now=reached.now()),
            ", ".join(it.addresses) or _(words.ANY_ADDRESS),
            _environments(reached, it),
        ),
    )
    return 0


@token.command("revoke", help=words.TOKEN_REVOKE)
@click.argument("token_id", metavar="ID")
@reaching
async def revoke(reached: Reached, token_id: str) -> int:
    with _refusals(_(words.NO_SUCH_TOKEN).format(id=token_id)):
        await _tokens(reached).revoke_token(token_id)
    return 0


def _tokens(reached: Reached) -> OwnSignInCalls:
    return OwnSignInCalls(reached.plane.transport)


def _refuse_other_than_network(text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise click.UsageError(_(words.NO_NETWORK).format(text=text)) from None


def _environments(reached: Reached, made: ApiToken) -> str:
    if made.environments is None:
        return _(words.ALL_ENVIRONMENTS)
    known = {it.id: it.name for it in reached.store.environments}
    return ", ".join(known.get(it, it) for it in made.environments)


@contextmanager
def _refusals(missing: str) -> Iterator[None]:
    """Say what is `missing` where nothing is found, and who makes tokens where one may not."""
    try:
        yield
    except Refused as refused:
        if refused.problem.code == Code.NOT_FOUND:
            raise click.ClickException(missing) from None
        if refused.problem.code == Code.FORBIDDEN:
            raise click.ClickException(_(words.TOKENS_BY_PEOPLE)) from None
        raise
