"""The permission to press the button of a form, as things stand."""

from autosky_desktop.domain.publication import Preview
from autosky_desktop.domain.reasons import CheckLevel
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.form.form import PublishForm
from autosky_desktop.ui.publish.runs import under_way
from autosky_desktop.words.checks import reason_to_wait
from autosky_desktop.words.language import _
from autosky_desktop.words.publishing import already_running


def why_wait(
    store: Store, environment: str, form: PublishForm, preview: Preview | None, *, later: bool
) -> str:
    """Say why the button is off; empty when it is not. `later`: it only schedules."""
    if not store.connection.live:
        return _("No connection to the control plane.")
    running = under_way(store.details(environment).publications)
    if running and not later:
        return already_running(running)
    if problem := form.problem():
        return problem
    if preview is None:
        return _("Checking what this will touch…")
    waits = [check for check in preview.checks if check.level == CheckLevel.WAIT]
    return reason_to_wait(waits[0], form.typed_zone) if waits else ""
