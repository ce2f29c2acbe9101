"""The sentences about adding an environment: what is missing in the form, what was found there, and
what a check has shown.
"""

from collections.abc import Mapping, Sequence

from autosky_desktop.domain.environment_settings import (
    Capability,
    CheckLine,
    CheckState,
    FieldKind,
    Found,
    FoundGroup,
    FoundMachine,
    ProviderField,
)
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import counts
from autosky_desktop.words.language import N_, _, ngettext
from autosky_desktop.words.states import StatusKind, as_received

CAPABILITIES: Mapping[Word, str] = {
    Capability.READ: N_("See machines and instances"),
    Capability.POWER: N_("Start and stop servers"),
    Capability.IMAGE: N_("Make images"),
    Capability.REPLACE: N_("Replace instances"),
    Capability.SESSIONS: N_("See who is signed in"),
    Capability.MESSAGES: N_("Send messages to users"),
    Capability.CONNECT: N_("Connect to servers"),
    Capability.LOADS: N_("See how busy instances are"),
    Capability.SHUTDOWN: N_("Switch off as scheduled"),
    Capability.COST: N_("Requests to the provider"),
}

CHECK_KINDS: Mapping[Word, tuple[StatusKind, str]] = {
    CheckState.OK: (StatusKind.OK, N_("Works")),
    CheckState.FAILED: (StatusKind.BAD, N_("Does not work")),
    CheckState.UNTOLD: (StatusKind.IDLE, N_("Not tried")),
}

_MISSING: Mapping[FieldKind, str] = {
    FieldKind.FILE: N_("Choose a file."),
    FieldKind.CHOICE: N_("Choose one."),
    FieldKind.MACHINE: N_("Choose a machine."),
    FieldKind.MACHINES: N_("Choose at least one machine."),
    FieldKind.GROUP: N_("Choose a group."),
    FieldKind.IMAGE: N_("Choose an image."),
}


def missing(field: ProviderField) -> str:
    """Say that a field that is needed was left empty."""
    known = _MISSING.get(FieldKind(field.kind))
    return _(known) if known else _("Enter this. It is needed.")


def no_number() -> str:
    return _("Enter a number.")


def too_long(most: int) -> str:
    return _("Enter {n} characters at most.").format(n=most)


def chosen_twice(name: str, other: ProviderField) -> str:
    """Say that a machine was chosen for two fields."""
    return _("{name} is already chosen as: {field}.").format(name=name, field=other.label)


def no_name() -> str:
    return _("Enter a name.")


def name_in_use() -> str:
    return _("Another environment has this name.")


def no_time() -> str:
    return _("Enter a time of day, such as 19:00.")


def no_provider() -> str:
    return _("Choose where its machines are.")


def machine(it: FoundMachine) -> str:
    """Tell what is known of a machine that was found, beneath its name."""
    if it.taken_by:
        return _("Belongs to {environment} already").format(environment=it.taken_by)
    known = (as_received(it.status) if it.status else "", it.address, it.system)
    return " · ".join(filter(None, known))


def gone() -> str:
    """Say of something chosen before that it was not found."""
    return _("Was not found any more")


def group(it: FoundGroup) -> str:
    return counts.instances(it.instances)


def in_list(name: str, about: str) -> str:
    """Name something in a list of choices that has one line for each."""
    return _("{name} ({about})").format(name=name, about=about) if about else name


def found(there: Found) -> str:
    """Count what was found."""
    machines = len(there.machines)
    if not machines and not there.groups and not there.images:
        return _("No machine was found there. Check where you looked, and look again.")
    said = ngettext("{n} machine was found.", "{n} machines were found.", machines)
    return said.format(n=counts.number(machines))


def nothing_to_choose() -> str:
    return _("With this provider there is nothing to choose here.")


def other_provider() -> str:
    return _("An environment stays with its provider. Add another environment instead.")


def more_machines(number: int) -> str:
    """Say that a long list is not shown whole."""
    said = ngettext(
        "{n} more machine is not shown. Type a part of its name above.",
        "{n} more machines are not shown. Type a part of a name above.",
        number,
    )
    return said.format(n=counts.number(number))


def capability(line: CheckLine) -> str:
    known = CAPABILITIES.get(Capability(line.capability))
    return _(known) if known else as_received(line.capability)


def check_look(line: CheckLine) -> tuple[StatusKind, str]:
    """Return how one line of a check ended."""
    known = CHECK_KINDS.get(CheckState(line.state))
    if known is None:
        return StatusKind.UNKNOWN, as_received(line.state)
    kind, text = known
    if Capability(line.capability) is Capability.COST and kind is StatusKind.OK:
        return StatusKind.OK, _("Counted")
    return kind, _(text)


def checked(lines: Sequence[CheckLine]) -> str:
    """Sum up a check."""
    failed = sum(CheckState(it.state) is CheckState.FAILED for it in lines)
    if not failed:
        return _("Everything that was tried works. Nothing was changed by trying it.")
    said = ngettext(
        "{n} thing does not work yet. You can add the environment all the same, and check again "
        "later.",
        "{n} things do not work yet. You can add the environment all the same, and check again "
        "later.",
        failed,
    )
    return said.format(n=failed)


def added(name: str) -> str:
    return _("{name} was added.").format(name=name)


def saved(name: str) -> str:
    return _("{name} was changed.").format(name=name)
