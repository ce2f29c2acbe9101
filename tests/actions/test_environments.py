"""The form of an environment: what is missing, what is suggested, and what goes stale."""

from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.actions.environments import NO_TIME, AddingStep, EnvironmentDraft
from autosky_desktop.domain.environment_settings import (
    CheckResult,
    FieldKind,
    Found,
    FoundMachine,
    ProviderField,
    ProviderInfo,
)
from tests.support.managed import FIELDS, FOUND, PROVIDERS, SETTINGS
from tests.support.publishing import NOW

FIELD = {it.name: it for it in FIELDS}


def a_draft(provider: str = "libvirt", **more: Any) -> EnvironmentDraft:
    draft = EnvironmentDraft(**more)
    draft.providers = PROVIDERS
    draft.choose_provider(provider)
    return draft


def looked(found: Found = FOUND, **more: Any) -> EnvironmentDraft:
    draft = a_draft(**more)
    draft.take_found(found, draft.access)
    return draft


def test_where_its_machines_are_has_to_be_chosen_and_be_usable() -> None:
    assert a_draft("").problems(AddingStep.WHERE) == {"provider": "Choose where its machines are."}
    assert "provider" in a_draft("aws").problems(AddingStep.WHERE)
    assert a_draft().problems(AddingStep.WHERE) == {}


def test_what_is_needed_to_get_in_is_said_at_its_field() -> None:
    draft = a_draft()
    draft.put("uri", " ")
    draft.put("port", "ssh")
    assert draft.problems(AddingStep.WHERE) == {
        "uri": "Enter this. It is needed.",
        "port": "Enter a number.",
    }
    draft.put("uri", "x" * 2001)
    draft.put("port", "22")
    assert draft.problems(AddingStep.WHERE) == {"uri": "Enter 2000 characters at most."}


@pytest.mark.parametrize(
    ("number", "right"), [("22", True), ("2.5", True), ("", True), ("inf", False), ("2a", False)]
)
def test_a_number_is_one(number: str, right: bool) -> None:
    draft = a_draft()
    draft.put("port", number)
    assert (draft.problems(AddingStep.WHERE) == {}) is right


def test_a_field_that_nobody_filled_in_has_its_default() -> None:
    draft = a_draft()
    assert draft.value(FIELD["uri"]) == "qemu:///system"
    assert draft.access == {"uri": "qemu:///system", "key": "", "guests": "agent", "port": ""}
    draft.put("uri", "")
    assert draft.value(FIELD["uri"]) == ""


def test_what_was_filled_in_for_a_provider_stands_there_when_one_comes_back_to_it() -> None:
    draft = a_draft()
    draft.put("uri", "qemu:///session")
    draft.choose_provider("simulated")
    assert draft.settings.values == {}
    draft.choose_provider("libvirt")
    assert draft.value(FIELD["uri"]) == "qemu:///session"


def test_what_seems_to_be_meant_is_chosen() -> None:
    draft = looked()
    assert draft.value(FIELD["preparation"]) == "m-prep"
    assert draft.chosen(FIELD["support"]) == ["m-db"]
    assert draft.value(FIELD["pool"]) == "g"
    assert draft.problems(AddingStep.MACHINES) == {}


def test_what_the_provider_suggests_goes_before_what_machines_say_of_themselves() -> None:
    assert looked(replace(FOUND, suggested={"preparation": "m-file"})).value(
        FIELD["preparation"]
    ) == "m-file"  # fmt: skip


def test_of_two_that_seem_to_be_meant_neither_is_chosen() -> None:
    other = FoundMachine(id="m-other", name="PREP-CRM-02", suggests="preparation")
    draft = looked(replace(FOUND, machines=[*FOUND.machines, other]))
    assert draft.problems(AddingStep.MACHINES) == {"preparation": "Choose a machine."}


def test_what_a_person_has_chosen_stays_when_it_is_looked_again() -> None:
    draft = looked()
    draft.put("preparation", "m-file")
    draft.put("uri", "qemu:///session")
    assert draft.found is None
    draft.take_found(FOUND, draft.access)
    assert draft.found is FOUND
    assert draft.value(FIELD["preparation"]) == "m-file"


def test_what_was_found_elsewhere_does_not_count() -> None:
    draft = looked()
    draft.choose_provider("simulated")
    assert draft.found is None


def test_a_machine_of_another_environment_is_neither_chosen_nor_first() -> None:
    taken = replace(FOUND.machines[0], taken_by="ERP Production")
    draft = looked(replace(FOUND, machines=[taken, *FOUND.machines[1:]]))
    assert draft.value(FIELD["preparation"]) == ""
    offers = draft.offers(FIELD["preparation"])
    assert [it.id for it in offers if it.taken] == ["m-taken", "m-prep"]
    assert [it.name for it in offers[:2]] == ["DB-CRM-01", "FILE-CRM-01"]
    assert offers[-1].about == "Belongs to ERP Production already"


def test_its_own_machines_are_free_to_the_environment_that_is_edited() -> None:
    draft = looked(before=SETTINGS)
    assert not any(it.taken for it in draft.offers(FIELD["preparation"]))


def test_what_was_chosen_and_is_gone_is_still_offered_and_named() -> None:
    draft = looked(replace(FOUND, machines=FOUND.machines[2:]), before=SETTINGS)
    first = draft.offers(FIELD["support"])[0]
    assert (first.id, first.about) == ("m-db", "Was not found any more")
    assert draft.offers(FIELD["preparation"])[0].id == "m-prep"


def test_one_machine_is_not_two_things() -> None:
    draft = looked()
    draft.put("support", ["m-db", "m-prep"])
    said = "PREP-CRM-01 is already chosen as: Preparation server."
    assert draft.problems(AddingStep.MACHINES) == {"support": said}


def test_groups_and_images_are_offered_too() -> None:
    image = ProviderField(name="base", label="Image", kind=FieldKind.IMAGE.value, access=False)
    draft = looked(replace(FOUND, images=["win-2022", "debian-12"]))
    assert [it.id for it in draft.offers(image)] == ["debian-12", "win-2022"]
    assert [(it.id, it.about) for it in draft.offers(FIELD["pool"])] == [("g", "3 instances")]


def test_a_name_is_needed_and_is_nobody_elses() -> None:
    draft = looked()
    assert draft.problems(AddingStep.RULES) == {"name": "Enter a name."}
    draft.change(name="crm")
    said = {"name": "Another environment has this name."}
    assert draft.problems(AddingStep.RULES, ["ERP", "CRM"]) == said
    assert draft.problems(AddingStep.RULES, ["ERP"]) == {}
    draft.change(daily_stop=NO_TIME)
    assert draft.problems(AddingStep.RULES) == {"daily_stop": "Enter a time of day, such as 19:00."}


def test_the_first_page_with_something_to_mend_is_told() -> None:
    draft = looked()
    assert draft.first_problem() is AddingStep.RULES
    draft.put("preparation", "")
    assert draft.first_problem() is AddingStep.MACHINES
    draft.put("uri", "")
    assert draft.first_problem() is AddingStep.WHERE
    whole = looked(before=SETTINGS)
    assert whole.first_problem() is None


def test_a_check_counts_for_what_was_checked_alone() -> None:
    draft = looked(before=SETTINGS)
    result = CheckResult(lines=[], checked_at=NOW)
    draft.take_check(result, draft.settings)
    assert draft.checked is result
    draft.change(run_hours=5)
    assert draft.checked is None
    draft.change(run_hours=4)
    assert draft.checked is result


def test_a_form_is_touched_once_a_person_has_filled_something_in() -> None:
    draft = EnvironmentDraft()
    draft.begin_in("Europe/Lisbon")
    assert not draft.touched
    assert draft.settings.time_zone == "Europe/Lisbon"
    draft.change(name="CRM")
    assert draft.touched


def test_a_provider_that_is_gone_is_none() -> None:
    draft = a_draft()
    draft.providers = [ProviderInfo(name="other", title="Other")]
    assert draft.provider is None
    assert draft.access_fields == []
    assert "provider" in draft.problems(AddingStep.WHERE)
