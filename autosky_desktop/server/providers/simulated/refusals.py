"""Makes the refusals of the simulated cloud, each of its kind."""

from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind


def missing(what: str, where: str) -> ProviderRefused:
    """Return the refusal of a call that names what is not there, such as `image img-1`."""
    return ProviderRefused(f"There is no {what} in {where}.", kind=RefusalKind.NOT_FOUND)


def wrong_state(sentence: str) -> ProviderRefused:
    return ProviderRefused(sentence, kind=RefusalKind.WRONG_STATE)
