"""The pages of adding an environment: what they have in common, and the first two: where its
machines are, and which of them is what.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.environments import EnvironmentDraft
from autosky_desktop.domain.environment_settings import FieldKind, Found, ProviderInfo
from autosky_desktop.ui.environments.provider_fields import ProviderFields
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.input.choice import Choice
from autosky_desktop.words import adding as words
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _


class StepPage(QWidget):
    """A page that shows a draft and changes it. `edited`: something was chosen or typed."""

    edited = Signal()

    def __init__(self, draft: EnvironmentDraft) -> None:
        super().__init__()
        self.draft = draft
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def refresh(self) -> None:
        """Show what has become known of the draft on other pages."""

    def tell(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is to be mended in it, and go to the first."""

    def add_text(self, text: str, style: TextStyle, tone: str = "text2") -> QLabel:
        """Add a text that wraps."""
        label = QLabel(text)
        label.setWordWrap(True)
        set_style(label, style, tone)
        self.column.addWidget(label)
        return label


class FieldsPage(StepPage):
    """A page with fields of the provider, which come and go."""

    fields: ProviderFields | None = None

    def show_fields(self, fields: ProviderFields | None) -> None:
        """Put these in the place of those that are there."""
        if self.fields:
            self.fields.hide()
            self.fields.deleteLater()
        self.fields = fields
        if fields:
            fields.edited.connect(self.edited)
            self.column.addWidget(fields)

    def tell(self, problems: Mapping[str, str]) -> None:
        if self.fields:
            self.fields.tell(problems)


class WherePage(FieldsPage):
    """The providers to choose from, and the fields of the chosen one that give access."""

    def __init__(self, draft: EnvironmentDraft) -> None:
        super().__init__(draft)
        self._group = QButtonGroup(self)
        self.add_text(_(labels.WHERE_ARE_ITS_MACHINES), TextStyle.PANEL, "")
        for provider in draft.providers:
            self._add(provider)
        self._missing = self.add_text("", TextStyle.SMALL, "bad")
        self._missing.hide()
        self._access = self.add_text(_(labels.HOW_TO_GET_IN), TextStyle.PANEL, "")
        self._secrets = self.add_text(_(labels.NO_SECRETS_HERE), TextStyle.SMALL)
        self._show_access()

    def tell(self, problems: Mapping[str, str]) -> None:
        self._missing.setText(problems.get("provider", ""))
        self._missing.setVisible("provider" in problems)
        super().tell(problems)

    def _add(self, provider: ProviderInfo) -> None:
        choice = Choice(provider.title, provider.title)
        now, before = self.draft.settings.provider, self.draft.before
        other = words.other_provider() if before and provider.name != now else ""
        choice.explain(provider.unusable or other)
        choice.button.setEnabled(not (provider.unusable or other))
        choice.button.setChecked(provider.name == now)
        choice.button.toggled.connect(lambda on: self._choose(provider.name) if on else None)
        self._group.addButton(choice.button)
        self.column.addWidget(choice)

    def _choose(self, provider: str) -> None:
        self.draft.choose_provider(provider)
        self._missing.hide()
        self._show_access()
        self.edited.emit()

    def _show_access(self) -> None:
        fields = self.draft.access_fields
        typed = any(FieldKind(it.kind) is not FieldKind.CHOICE for it in fields)
        self._access.setVisible(typed)
        self._secrets.setVisible(typed)
        self.show_fields(ProviderFields(self.draft, fields) if fields else None)


class MachinesPage(FieldsPage):
    """The fields that are chosen from what was found; before that, a sentence that nothing was
    looked for.
    """

    def __init__(self, draft: EnvironmentDraft) -> None:
        super().__init__(draft)
        self._shown: Found | None = None
        self._said = self.add_text(_(labels.NOTHING_LOOKED_FOR), TextStyle.BODY)
        self.refresh()

    def refresh(self) -> None:
        found = self.draft.found
        if found is self._shown:
            return
        self._shown = found
        fields = self.draft.choice_fields
        if found:
            self._said.setText(words.found(found) if fields else words.nothing_to_choose())
        else:
            self._said.setText(_(labels.NOTHING_LOOKED_FOR))
        self.show_fields(ProviderFields(self.draft, fields) if found else None)
