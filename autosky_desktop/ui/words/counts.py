"""The numbers with their noun. English, Portuguese and Spanish all tell one from many."""

from PySide6.QtCore import QLocale

from autosky_desktop.ui.words.language import translate


def one_or_many(number: int, one: str, many: str) -> str:
    """Choose the sentence that fits the number, which may stand in it as {n}."""
    return (one if number == 1 else many).format(n=number)


def hours(number: int) -> str:
    return one_or_many(number, translate("count", "{n} hour"), translate("count", "{n} hours"))


def sessions(number: int) -> str:
    text = translate("count", "{n} session") if number == 1 else translate("count", "{n} sessions")
    return text.format(n=number)


def users(number: int) -> str:
    text = translate("count", "{n} user") if number == 1 else translate("count", "{n} users")
    return text.format(n=number)


def instances(number: int) -> str:
    text = (
        translate("count", "{n} instance") if number == 1 else translate("count", "{n} instances")
    )
    return text.format(n=number)


def servers(number: int) -> str:
    text = translate("count", "{n} server") if number == 1 else translate("count", "{n} servers")
    return text.format(n=number)


def warnings(number: int) -> str:
    text = translate("count", "{n} warning") if number == 1 else translate("count", "{n} warnings")
    return text.format(n=number)


def reasons_to_wait(number: int) -> str:
    one, many = (
        translate("count", "{n} reason to wait"),
        translate("count", "{n} reasons to wait"),
    )
    return (one if number == 1 else many).format(n=number)


def in_trouble(number: int) -> str:
    one, many = (
        translate("count", "{n} server or instance is in trouble"),
        translate("count", "{n} servers and instances are in trouble"),
    )
    return (one if number == 1 else many).format(n=number)


def need_you(number: int) -> str:
    text = (
        translate("count", "{n} needs you") if number == 1 else translate("count", "{n} need you")
    )
    return text.format(n=number)


def entries(number: int) -> str:
    text = translate("count", "{n} entry") if number == 1 else translate("count", "{n} entries")
    return text.format(n=QLocale().toString(number))
