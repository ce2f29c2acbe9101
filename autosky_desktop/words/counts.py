"""The numbers, alone and with their noun, by the rules of the language."""

from autosky_desktop.words.language import _, ngettext, pgettext


def number(n: int) -> str:
    """Write a whole number: 12,345."""
    return f"{n:,}".replace(",", pgettext("between thousands", ","))


def decimal(n: float) -> str:
    """Write a number with the digits that it needs: 2.5; 3."""
    return f"{n:g}".replace(".", pgettext("decimal sign", "."))


def percent(n: int) -> str:
    """Write a share: 25%. Beside words, translators' tools take its sign for one of printf."""
    return _("{n}%").format(n=n)


def cell_separator() -> str:
    """Return what stands between the cells of a table in a file. Where numbers have a decimal
    comma, spreadsheets expect a semicolon.
    """
    return ";" if pgettext("decimal sign", ".") == "," else ","


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


def servers_shown(shown: int, n: int) -> str:
    """Say how many servers of all are shown: 3 servers, 2 of 3 servers."""
    if shown == n:
        return servers(n)
    return ngettext("{shown} of {n} server", "{shown} of {n} servers", n).format(shown=shown, n=n)


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


def entries_so_far(n: int) -> str:
    return ngettext("{n} entry so far…", "{n} entries so far…", n).format(n=number(n))


def every_minutes(n: int) -> str:
    return ngettext("Every {n} minute", "Every {n} minutes", n).format(n=n)


def at_most_minutes(n: int) -> str:
    return ngettext("At most {n} minute.", "At most {n} minutes.", n).format(n=n)


def all_environments(n: int) -> str:
    return ngettext("All {n} environment", "All {n} environments", n).format(n=n)


def have_another_state(n: int) -> str:
    return ngettext("{n} server has another state.", "{n} servers have another state.", n).format(
        n=n
    )


def actions_for_servers(n: int) -> str:
    return ngettext(
        "Actions for {n} selected server", "Actions for {n} selected servers", n
    ).format(n=n)


def start_servers(n: int) -> str:
    return ngettext("Start {n} server…", "Start {n} servers…", n).format(n=n)


def stop_servers(n: int) -> str:
    return ngettext("Stop {n} server…", "Stop {n} servers…", n).format(n=n)


def restart_servers(n: int) -> str:
    return ngettext("Restart {n} server…", "Restart {n} servers…", n).format(n=n)


def instances_replaced(n: int) -> str:
    return ngettext("{n} instance replaced", "{n} instances replaced", n).format(n=n)


def sessions_ended(n: int) -> str:
    return ngettext("{n} session ended", "{n} sessions ended", n).format(n=n)


def ends_sessions(n: int) -> str:
    """Explain the option that ends sessions, of which there are so many now."""
    text = ngettext(
        "Ends {n} session at once. Unsaved work is lost and users get no warning.",
        "Ends {n} sessions at once. Unsaved work is lost and users get no warning.",
        n,
    )
    return text.format(n=n)


def minutes_after(n: int) -> str:
    """Return what stands after the number in a field of minutes."""
    return ngettext(" minute", " minutes", n)


def minutes_then_go_on(n: int) -> str:
    return ngettext("{n} minute, then go on", "{n} minutes, then go on", n).format(n=n)
