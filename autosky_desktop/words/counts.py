"""The numbers, alone and with their noun, by the rules of the language."""

from autosky_desktop.words.language import ngettext, pgettext


def number(n: int) -> str:
    """Write a whole number: 12,345."""
    return f"{n:,}".replace(",", pgettext("between thousands", ","))


def decimal(n: float) -> str:
    """Write a number with the digits that it needs: 2.5; 3."""
    return f"{n:g}".replace(".", pgettext("decimal sign", "."))


def hours(n: int) -> str:
    return ngettext("{n} hour", "{n} hours", n).format(n=n)


def minutes(n: int) -> str:
    return ngettext("{n} minute", "{n} minutes", n).format(n=n)


def sessions(n: int) -> str:
    return ngettext("{n} session", "{n} sessions", n).format(n=n)


def users(n: int) -> str:
    return ngettext("{n} user", "{n} users", n).format(n=n)


def instances(n: int) -> str:
    return ngettext("{n} instance", "{n} instances", n).format(n=n)


def servers(n: int) -> str:
    return ngettext("{n} server", "{n} servers", n).format(n=n)


def warnings(n: int) -> str:
    return ngettext("{n} warning", "{n} warnings", n).format(n=n)


def reasons_to_wait(n: int) -> str:
    return ngettext("{n} reason to wait", "{n} reasons to wait", n).format(n=n)


def in_trouble(n: int) -> str:
    return ngettext(
        "{n} server or instance is in trouble", "{n} servers and instances are in trouble", n
    ).format(n=n)


def need_you(n: int) -> str:
    return ngettext("{n} needs you", "{n} need you", n).format(n=n)


def entries(n: int) -> str:
    return ngettext("{n} entry", "{n} entries", n).format(n=number(n))


def minutes_after(n: int) -> str:
    """Return what stands after the number in a field of minutes."""
    return ngettext(" minute", " minutes", n)


def minutes_then_go_on(n: int) -> str:
    return ngettext("{n} minute, then go on", "{n} minutes, then go on", n).format(n=n)
