"""Each option has its field: what was planned is shown whole when it is opened to be changed, and
what every model asks for is typed once.
"""

from datetime import timedelta

import pytest

from autosky_desktop.domain.plan import Plan
from autosky_desktop.ui.publish.schedule.form import ScheduleForm
from tests.support.evening import ERP, NOW, a_publication, an_evening
from tests.support.options import each_option
from tests.support.person import Person
from tests.ui.publish.form.test_forms import page

OPTIONS = each_option()


@pytest.mark.parametrize("option", OPTIONS)
async def test_what_was_planned_is_what_the_form_asks_for_again(
    qloop: object, me: Person, option: str
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        run = a_publication(
            id="later", version=42, state="scheduled", started_at=None, ended_at=None,
            scheduled_for=NOW + timedelta(days=1), time_zone="UTC", plan=OPTIONS[option],
        )  # fmt: skip
        evening.store.details(ERP).publications.put(run)
        await me.opens_tab("Scheduled")
        form = page(evening).forms.shown
        assert isinstance(form, ScheduleForm)
        form.edit(run)
        assert form.request(42).plan == OPTIONS[option]
        looked_at = form.preview_request()
        assert looked_at
        assert looked_at.plan == OPTIONS[option]
        form.reset()
        assert form.request(42).plan != OPTIONS[option]


async def test_what_every_form_asks_for_goes_along_to_another_model(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        forms = page(evening).forms
        first = forms.shown.particulars
        asked = {name: getattr(OPTIONS[name], name) for name in first.chosen()}
        first.put(Plan(**asked))
        await me.opens_tab("Standard")
        assert forms.shown.particulars is not first
        assert forms.shown.particulars.chosen() == asked
