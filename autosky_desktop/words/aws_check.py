"""The sentences of a check in AWS: what was seen there, and what a person can do about it."""

from collections.abc import Sequence

from autosky_desktop.words import counts
from autosky_desktop.words.counts import number
from autosky_desktop.words.language import N_, _, ngettext

PERMITTED = N_("AWS permits everything that it takes.")
REACHABLE = N_("Every server that is on has a public address.")
PRIVATE_REMEDY = N_(
    "Connect from a network that leads there, such as a VPN, give them an Elastic IP, or let the "
    "SSM agent run on them, with an instance profile that holds AmazonSSMManagedInstanceCore."
)
TUNNEL_TOOL = N_(
    "Whoever connects from elsewhere needs the Session Manager plugin on their own computer."
)
ONLY_HERE = N_("Scheduled shutdowns happen only while this computer is on.")
NAME_A_ROLE = N_(
    "Name a role for scheduled shutdowns, and AWS stops the server although this computer is off."
)
NO_TEMPLATE = N_("Nothing says from which launch template instances are started.")
NAME_A_TEMPLATE = N_("Name an Auto Scaling group or a launch template.")


def read(servers: int, instances: int) -> str:
    """Say what was found: Found: 3 servers, 12 instances."""
    found = ", ".join((counts.servers(servers), counts.instances(instances)))
    return _("Found: {list}.").format(list=found)


def no_room(group: str, *, most: int, needed: int) -> str:
    text = ngettext(
        "The group {group} may have {most} instances at most. Replacing them needs room for {n} "
        "more.",
        "The group {group} may have {most} instances at most. Replacing them needs room for {n} "
        "more at a time.",
        needed,
    )
    return text.format(group=group, most=number(most), n=number(needed))


def make_room(size: int) -> str:
    return _("Raise its maximum size to {n}.").format(n=number(size))


def with_agent(online: int, of: int) -> str:
    if not of:
        return _("There is no instance yet whose agent could be asked.")
    text = ngettext(
        "The SSM agent answers on {online} of {n} instance.",
        "The SSM agent answers on {online} of {n} instances.",
        of,
    )
    return text.format(online=number(online), n=number(of))


def private_only(names: Sequence[str]) -> str:
    text = ngettext(
        "{names} has no public address, and no SSM agent through which it could be reached.",
        "{names} have no public address, and no SSM agents through which they could be reached.",
        len(names),
    )
    return text.format(names=", ".join(names))


def tunnelled(names: Sequence[str]) -> str:
    text = ngettext(
        "{names} has no public address, and is reached through Systems Manager.",
        "{names} have no public address, and are reached through Systems Manager.",
        len(names),
    )
    return text.format(names=", ".join(names))


def cost(idle: int, with_many: int) -> str:
    return _(
        "About {idle} calls to AWS an hour while nothing changes, about {many} with 40 instances "
        "whose sessions are asked for."
    ).format(idle=number(idle), many=number(with_many))
