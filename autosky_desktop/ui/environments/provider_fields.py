"""The fields of a provider's settings, each made from what the provider says of it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from autosky_desktop.actions.environments import EnvironmentDraft, Offer
from autosky_desktop.domain.environment_settings import FieldKind, ProviderField
from autosky_desktop.ui.environments.machine_list import MachineList
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.words import adding as words
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _

FROM_FOUND = (FieldKind.MACHINE, FieldKind.GROUP, FieldKind.IMAGE)


class ProviderFields(QWidget):
    """Fields beneath one another, which show what stands in a draft and put into it what is typed
    or chosen. `edited`: something was.
    """

    edited = Signal()

    def __init__(self, draft: EnvironmentDraft, fields: Sequence[ProviderField]) -> None:
        super().__init__()
        self._draft = draft
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._rows: dict[str, Labelled] = {}
        for field in fields:
            row = self._rows[field.name] = self._make(field)
            column.addWidget(row)

    def tell(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is to be mended in it, and go to the first."""
        for name, row in self._rows.items():
            row.tell(problems.get(name, ""))
        if wrong := next((it for it in self._rows if it in problems), None):
            self._rows[wrong].field.setFocus()

    def _make(self, field: ProviderField) -> Labelled:
        kind = FieldKind(field.kind)
        if kind is FieldKind.MACHINES:
            return self._labelled(field, self._machines(field))
        if kind in FROM_FOUND:
            return self._labelled(field, self._select(field, self._draft.offers(field)))
        if kind is FieldKind.CHOICE:
            offers = [Offer(it, it) for it in field.choices if it]
            return self._labelled(field, self._select(field, offers))
        return self._line(field, file=kind is FieldKind.FILE)

    def _labelled(
        self, field: ProviderField, widget: QWidget, button: QWidget | None = None
    ) -> Labelled:
        return Labelled(field.label, widget, hint=field.help, button=button)

    def _line(self, field: ProviderField, *, file: bool) -> Labelled:
        line = QLineEdit(self._draft.value(field))
        line.setPlaceholderText(field.hint)
        line.textEdited.connect(lambda text: self._put(field, text.strip()))
        if not file:
            return self._labelled(field, line)
        browse = Button(_(labels.BROWSE))
        browse.setAccessibleName(_(labels.CHOOSE_FILE_FOR).format(field=field.label))
        browse.clicked.connect(lambda: self._browse(field, line))
        return self._labelled(field, line, browse)

    def _browse(self, field: ProviderField, line: QLineEdit) -> None:
        dialog = QFileDialog(self.window(), browse_title(field))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)

        def take(path: str) -> None:
            line.setText(path)
            self._put(field, path)

        dialog.fileSelected.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _select(self, field: ProviderField, offers: Sequence[Offer]) -> Select:
        select = Select()
        select.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        first = labels.CHOOSE_ONE if field.required else labels.NONE
        if not (field.default and field.kind == FieldKind.CHOICE.value):
            select.addItem(_(first), "")
        for it in offers:
            select.addItem(words.in_list(it.name, it.about), it.id)
            if it.taken:
                _switch_off(select, select.count() - 1)
        select.setCurrentIndex(max(select.findData(self._draft.value(field)), 0))
        select.activated.connect(lambda: self._put(field, select.currentData()))
        return select

    def _machines(self, field: ProviderField) -> MachineList:
        chosen = self._draft.chosen(field)
        machines = MachineList(field.label, self._draft.offers(field), chosen)
        machines.chosen.connect(lambda those: self._put(field, those))
        return machines

    def _put(self, field: ProviderField, value: str | list[str]) -> None:
        self._draft.put(field.name, value)
        self._rows[field.name].tell("")
        self.edited.emit()


def browse_title(field: ProviderField) -> str:
    return _(labels.CHOOSE_FILE_FOR).format(field=field.label)


def _switch_off(select: Select, row: int) -> None:
    """Leave a line to be read that cannot be chosen."""
    model = select.model()
    if isinstance(model, QStandardItemModel):
        model.item(row).setFlags(Qt.ItemFlag.NoItemFlags)
