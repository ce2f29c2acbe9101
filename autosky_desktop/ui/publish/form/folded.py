"""The line in place of the form while that cannot be used; all of it is back afterwards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from autosky_desktop.ui.publish.form.forms import Forms
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.focus import can_have_focus
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class FoldedForm(QFrame):
    """Takes the place of the forms and of what stands `beside` them.

    The keyboard waits in it for whoever was in the form, and is back there when that is.
    """

    def __init__(self, forms: Forms, beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms, self._beside = forms, beside
        self._was: QWidget | None = None
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.BODY, "text2")
        self.setProperty("kind", "box")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 16, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("clock", "text2"))
        row.addWidget(self._text, 1)
        self.hide()

    @property
    def folded(self) -> bool:
        return not self.isHidden()

    def fold(self, *, folded: bool) -> None:
        """Put the form away, or show it again as it was."""
        if folded:
            self._say_what_is_kept()
        if folded == self.folded:
            return
        focus = self.window().focusWidget()
        for part in (self._forms, self._beside):
            part.setHidden(folded)
        self.setVisible(folded)
        if folded:
            self._was = focus if focus and self._holds(focus) else None
            if self._was:
                self.setFocus()
        elif focus is self and self._was:
            heirs = (self._was, self._forms.shown.more.button)
            next(filter(can_have_focus, heirs), self._forms.shown.first).setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on by Tab as from the models above, beneath which the form is folded."""
        tabs = self._forms.tabs
        tabs.setFocus(Qt.FocusReason.BacktabFocusReason)
        return tabs.focusNextPrevChild(True) if forward else True

    def _holds(self, widget: QWidget) -> bool:
        return self._forms.isAncestorOf(widget) or self._beside.isAncestorOf(widget)

    def _say_what_is_kept(self) -> None:
        why = _(labels.ONE_PUBLICATION_AT_A_TIME)
        note, kept = self._forms.shown.particulars.note_text(), ""
        if self._forms.has_edits():
            kept = _(labels.EVERYTHING_YOU_ENTERED_IS_KEPT)
            if note:
                kept = _(labels.NOTE_IS_KEPT)
        self._text.setText(f"{why} {kept.format(note=note)}".strip())
