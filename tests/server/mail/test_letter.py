"""What the letter at the end of a publication says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.server.mail.letter import letter, mail_test

EVENING = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
SENDER = "autosky@example.com"
RUN = Publication(
    id="b6c0", version=42, replaces=41,
    plan=Plan(model="standard", emails=("rui@example.com", "eva@example.com")),
    state="succeeded", publisher="Ana", requested_by="ana", requested_at=EVENING,
    steps=[Step(name=name, state="succeeded") for name in STEPS], note="New tax tables",
    started_at=EVENING,
    ended_at=EVENING + timedelta(minutes=17, seconds=5), sessions_ended=3,
)  # fmt: skip


def written(run: Publication = RUN, environment: str = "ERP Production"):
    zone = "America/Sao_Paulo"
    return letter(run, environment, zone, sender=SENDER, to=run.plan.emails)


def facts(message) -> dict[str, str]:
    lines = message.get_content().splitlines()
    return {name: fact.strip() for name, _, fact in (line.partition(":") for line in lines)}


def test_it_says_what_was_published_where_how_and_how_long_it_took():
    message = written()
    assert message["Subject"] == "ERP Production: version 42 published"
    assert message["To"] == "rui@example.com, eva@example.com"
    assert facts(message) == {
        "Environment": "ERP Production",
        "Version": "42, after 41",
        "Model": "Standard",
        "Result": "published",
        "Publisher": "Ana",
        "Started": "Mon 23 Nov 2026 19:30 (America/Sao_Paulo)",
        "Ended": "Mon 23 Nov 2026 19:47 (America/Sao_Paulo)",
        "Duration": "17 min 5 s",
        "Sessions ended": "3",
        "Note": "New tax tables",
    }


def test_a_failure_says_why():
    failed = Step(name=STEPS[2], state="failed", reason="image-failed", detail="No room left")
    message = written(replace(RUN, state="failed", steps=[*RUN.steps[:2], failed]))
    assert message["Subject"] == "ERP Production: version 42 not published"
    assert facts(message)["Cause"] == "Image creation: The image could not be made. No room left"


def test_one_that_never_began_says_why():
    missed = replace(RUN, state="failed", reason="missed", started_at=None)
    assert facts(written(missed))["Cause"].startswith("It was missed: the control plane was not")
    assert "Duration" not in facts(written(missed))


def test_the_same_end_has_the_same_id_and_the_next_end_another():
    later = replace(RUN, ended_at=EVENING + timedelta(hours=1))
    assert written()["Message-ID"] == written()["Message-ID"] == "<b6c0.1795474025@example.com>"
    assert written(later)["Message-ID"] != written()["Message-ID"]


@given(st.text(), st.text(), st.text())
def test_nothing_that_somebody_typed_begins_a_header_or_a_fact(name, note, publisher):
    run = replace(RUN, note=f"a{note}", publisher=f"a{publisher}")
    message = written(run, f"a{name}\r\nBcc: eve@example.com")
    assert message["Bcc"] is None
    assert sorted(message.keys()) == sorted(written().keys())
    assert message["To"] == written()["To"]
    assert len(message.get_content().splitlines()) == len(written().get_content().splitlines())
    message.as_bytes()


def test_hosts_are_written_as_mail_servers_know_them():
    plan = Plan(emails=("ana@bücher.example", "rui@example.com"))
    message = written(replace(RUN, plan=plan))
    assert message["To"] == "ana@xn--bcher-kva.example, rui@example.com"
    assert b"xn--bcher-kva" in message.as_bytes()


def test_the_letter_that_is_tried_says_what_it_is_for():
    message = mail_test(SENDER, "ana@example.com", EVENING)
    assert (message["From"], message["To"]) == (SENDER, "ana@example.com")
    assert message["Subject"] == "Autosky Desktop: test email"
    assert "sent from the settings of Autosky Desktop" in message.get_content()
    assert "You can be told in the same way when a publication ends." in message.get_content()
