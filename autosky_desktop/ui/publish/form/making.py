"""The making of a model's fields, and of the title of its form."""

from collections.abc import Callable
from datetime import datetime

from autosky_desktop.domain.plan import Model
from autosky_desktop.ui.publish.form.keeping import KeepFields
from autosky_desktop.ui.publish.form.models import (
    ModelFields,
    OptimizedFields,
    ReconnectionFields,
    StandardFields,
)
from autosky_desktop.words.language import _


def make_fields(
    model: Model, now: Callable[[], datetime], time_zone: str, *, brief: bool = False
) -> ModelFields:
    """Return the fields of that model; `brief`: in a form that has more than this to ask."""
    if model is Model.STANDARD:
        return StandardFields(brief=brief)
    if model is Model.RECONNECT:
        return ReconnectionFields(brief=brief)
    if model is Model.KEEP:
        return KeepFields(now, time_zone, brief=brief)
    return OptimizedFields(brief=brief)


def title(model: Model) -> tuple[str, str]:
    """Return what a form of it is called, and what it is for in one line where that says it all."""
    if model is Model.OPTIMIZED:
        return (
            _("Optimized publication"),
            _("Makes a new version and replaces the instances in one run"),
        )
    names = {
        Model.STANDARD: _("Standard publication"),
        Model.KEEP: _("Keep users connected"),
    }
    return names.get(model, _("Request user reconnection")), ""
