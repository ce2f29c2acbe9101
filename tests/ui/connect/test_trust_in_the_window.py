"""Nobody is trusted unasked, and what is agreed to is what was shown."""

from autosky_desktop.domain.connecting import TrustVerdict
from tests.support.connect_window import connectable
from tests.support.connecting import KNOWN, SEEN
from tests.support.person import Person


async def test_nobody_is_trusted_unasked(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.access.verdict = TrustVerdict.NEW
        await it.asks()
        await it.connects()
        await me.sees(f"Fingerprint, SHA-256: {SEEN}")
        await me.presses("Cancel")
        told = ["begun file-erp-prod-01 as ERPPROD\\svc-maintenance", "ended untrusted"]
        await me.until(lambda: it.heard == told, "the record of it")
        await it.connects()
        await me.presses("Trust and connect")
        await me.until(lambda: it.access.pinned == [SEEN], "the pin")
        await me.until(lambda: it.access.there and it.access.there.passwords == ["marker"], "it")


async def test_what_is_agreed_to_is_what_was_shown_of_a_gateway(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.access.verdict, it.access.gateway = TrustVerdict.NEW, KNOWN
        await it.asks()
        await it.connects()
        await me.sees(f"Fingerprint, SHA-256: {KNOWN}")
        await me.presses("Trust and connect")
        await me.until(lambda: it.access.pinned == [KNOWN], "the pin")


async def test_what_the_control_plane_names_anew_is_shown_beside_what_was_known(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        it.access.verdict = TrustVerdict.NAMED_ANEW
        await it.asks()
        await it.connects()
        await me.sees(f"Known until now: {KNOWN}")
        await me.sees(f"Shown now: {SEEN}")
        assert not it.heard
        await me.presses("Trust and connect")
        await me.until(lambda: it.access.pinned == [SEEN], "the pin")


async def test_who_has_changed_is_not_told_anything(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.access.verdict = TrustVerdict.CHANGED
        await it.asks()
        await it.connects()
        await me.sees("FILE-ERP-PROD-01 is not what it was: it shows a different fingerprint.")
        assert not me.offers("Trust and connect")
        assert not me.offers("Try again")
        await me.presses("Trusted servers")
        await me.sees("No server is trusted yet.")
        await me.presses("Close")
        assert it.heard[1:] == ["ended untrusted"]
        assert not it.access.there or not it.access.there.passwords
