"""Those who asked for it are told by mail how a publication ended: once, and never in its way."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.plan import Plan, PublishRequest
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.mail.commands import CurrentMailer
from autosky_desktop.server.mail.mailer import NotSent
from autosky_desktop.server.mail.outbox import Outbox
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from tests.support.people import ANA

STAGING = "erp-staging"
FAILED = StepEnding(state="failed", reason="image-failed")
BUSY = NotSent("421 later", for_good=False)


class Mailer:
    """Writes down what he takes; `troubles` keep him from it, one after another."""

    sender = "autosky@example.com"

    def __init__(self, *troubles: NotSent, refuses: dict[str, str] | None = None) -> None:
        self.troubles = list(troubles)
        self.refuses = refuses or {}
        self.taken = []

    async def send(self, letter) -> dict[str, str]:
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(letter)
        return self.refuses


def an_outbox(parts, mailer) -> Outbox:
    mail = mailer if isinstance(mailer, CurrentMailer) else CurrentMailer(mailer)
    return Outbox(parts.engine, parts.unit_of_work, parts.bus, parts.time, mail)


async def ended(parts, *emails: str) -> None:
    """A publication that failed at its image."""
    asked = PublishRequest(expected_version=58)
    run = await parts.publisher.publish(STAGING, asked, principal=ANA, key="k")
    async with parts.unit_of_work.transaction(STAGING) as transaction:
        await transaction.publication(replace(run, plan=Plan(emails=emails)))
    await Journal(parts.engine, parts.unit_of_work, lambda: None).end(
        run.id, "image-creation", FAILED
    )


async def mail_entries(parts) -> list[tuple[str, str | None, str]]:
    async with parts.engine.connect() as connection:
        wanted = activities.ActivityQuery(limit=9, kind="send-mail")
        page = await activities.page(connection, STAGING, wanted)
    return [(entry.outcome, entry.reason, entry.detail) for entry in page.entries]


def test_they_are_told_once(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        assert await mail_entries(parts) == [("running", None, "")]
        mailer = Mailer()
        assert await an_outbox(parts, mailer).act() is None
        assert await an_outbox(parts, mailer).act() is None
        assert [letter["Subject"] for letter in mailer.taken] == [
            "ERP Staging: version 58 not published"
        ]
        assert await mail_entries(parts) == [("done", None, "")]

    with_parts(story)


def test_where_nobody_is_to_be_told_nothing_is_owed(with_parts):
    async def story(parts):
        await ended(parts)
        assert await mail_entries(parts) == []

    with_parts(story)


def test_a_crash_before_it_is_written_down_sends_the_same_letter_again(with_parts, monkeypatch):
    async def story(parts):
        await ended(parts, "ana@example.com")
        first, second = Mailer(), Mailer()

        async def dies(*_):
            raise SystemError("killed")

        with monkeypatch.context() as patch:
            patch.setattr(entries, "conclude", dies)
            with pytest.raises(SystemError):
                await an_outbox(parts, first).act()
        await an_outbox(parts, second).act()
        ids = [letter["Message-ID"] for letter in first.taken + second.taken]
        assert len(ids) == 2
        assert len(set(ids)) == 1
        assert await mail_entries(parts) == [("done", None, "")]

    with_parts(story)


def test_a_server_that_is_busy_is_asked_again_ever_more_seldom(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        mailer = Mailer(BUSY, BUSY)
        outbox = an_outbox(parts, mailer)
        assert await outbox.act() == 60
        assert await outbox.act() == 60
        assert len(mailer.troubles) == 1
        parts.time.goes_on(minutes=1)
        assert await outbox.act() == 120
        parts.time.goes_on(minutes=2)
        assert await outbox.act() is None
        assert len(mailer.taken) == 1

    with_parts(story)


def test_after_an_hour_it_is_given_up_and_said_so(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        outbox = an_outbox(parts, Mailer(*[BUSY] * 20))
        hour, waited = timedelta(hours=1), timedelta()
        while (wait := await outbox.act()) is not None:
            waited += timedelta(seconds=wait)
            parts.time.goes_on(seconds=wait)
        assert hour <= waited < hour + timedelta(minutes=15)
        assert await mail_entries(parts) == [("failed", "mail-failed", "421 later")]

    with_parts(story)


@pytest.mark.parametrize(
    ("made", "came"),
    [
        (lambda: None, ("failed", "no-mail", "")),
        (lambda: Mailer(NotSent("554 no", for_good=True)), ("failed", "mail-failed", "554 no")),
        (
            lambda: Mailer(refuses={"ana@example.com": "550 nobody here"}),
            ("failed", "mail-refused", "ana@example.com (550 nobody here)"),
        ),
    ],
)
def test_a_letter_that_does_not_arrive_is_on_the_record(with_parts, made, came):
    async def story(parts):
        await ended(parts, "ana@example.com")
        assert await an_outbox(parts, made()).act() is None
        assert await mail_entries(parts) == [came]
        runs = (await parts.snapshot(STAGING)).publications
        assert (runs[0].state, runs[0].steps[2].reason) == ("failed", "image-failed")

    with_parts(story)


def test_one_odd_address_keeps_the_letter_from_nobody_else(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com", "a..b@example.com", "rui@bücher.example")
        mailer = Mailer(refuses={"rui@xn--bcher-kva.example": "550 nobody here"})
        assert await an_outbox(parts, mailer).act() is None
        assert mailer.taken[0]["To"] == "ana@example.com, rui@xn--bcher-kva.example"
        missed = "a..b@example.com, rui@bücher.example (550 nobody here)"
        assert await mail_entries(parts) == [("failed", "mail-refused", missed)]

    with_parts(story)


def test_who_is_named_twice_gets_it_once(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com", "Ana@Example.com")
        mailer = Mailer()
        await an_outbox(parts, mailer).act()
        assert mailer.taken[0]["To"] == "ana@example.com"

    with_parts(story)


def test_what_is_owed_waits_until_the_mail_server_is_told(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        mail, mailer = CurrentMailer(known=False), Mailer()
        outbox = an_outbox(parts, mail)
        assert await outbox.act() == 60
        assert await mail_entries(parts) == [("running", None, "")]
        mail.mailer, mail.known = mailer, True
        assert await outbox.act() is None
        assert len(mailer.taken) == 1

    with_parts(story)


def test_what_is_owed_does_not_wait_for_ever_for_a_mail_server(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        outbox = an_outbox(parts, CurrentMailer(known=False))
        parts.time.goes_on(minutes=59)
        assert await outbox.act() == 60
        parts.time.goes_on(minutes=1)
        await outbox.act()
        assert await mail_entries(parts) == [("failed", "no-mail", "")]

    with_parts(story)


def test_what_was_owed_over_night_waits_until_the_mail_server_is_told_in_the_morning(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com")
        parts.time.goes_on(hours=10)
        mail, mailer = CurrentMailer(known=False), Mailer(BUSY)
        outbox = an_outbox(parts, mail)
        assert await outbox.act() == 60
        assert await mail_entries(parts) == [("running", None, "")]
        mail.mailer, mail.known = mailer, True
        assert await outbox.act() == 60
        parts.time.goes_on(minutes=1)
        assert await outbox.act() is None
        assert len(mailer.taken) == 1

    with_parts(story)


@pytest.mark.parametrize("tried", [False, True])
def test_a_clock_that_was_ahead_keeps_no_letter_back(with_parts, tried):
    async def story(parts):
        mailer = Mailer(BUSY) if tried else Mailer()
        outbox = an_outbox(parts, mailer)
        parts.time.goes_on(days=365)
        await ended(parts, "ana@example.com")
        if tried:
            await outbox.act()
        parts.time.goes_on(days=-365)
        await outbox.act()
        assert len(mailer.taken) == 1

    with_parts(story)


def test_who_is_put_off_is_written_to_again_and_nobody_else(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com", "rui@example.com")
        mailer = Mailer(refuses={"rui@example.com": "450 greylisted, come again"})
        outbox = an_outbox(parts, mailer)
        assert await outbox.act() == 60
        assert await mail_entries(parts) == [("running", None, "")]
        mailer.refuses = {}
        parts.time.goes_on(minutes=1)
        assert await outbox.act() is None
        assert [letter["To"] for letter in mailer.taken] == [
            "ana@example.com, rui@example.com", "rui@example.com",
        ]  # fmt: skip
        assert await mail_entries(parts) == [("done", None, "")]

    with_parts(story)


def test_who_is_put_off_for_an_hour_is_named(with_parts):
    async def story(parts):
        await ended(parts, "ana@example.com", "rui@example.com")
        outbox = an_outbox(parts, Mailer(refuses={"rui@example.com": "450 later"}))
        while (wait := await outbox.act()) is not None:
            parts.time.goes_on(seconds=wait)
        assert await mail_entries(parts) == [
            ("failed", "mail-refused", "rui@example.com (450 later)")
        ]

    with_parts(story)
