"""Light or dark as the system is, told to Qt as one palette, one style sheet and one font.

One theme serves the process: `install` makes it, `color` is for code that paints. Widgets need
not listen to `changed`: a new palette repaints every one of them.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.theme import fonts
from autosky_desktop.ui.theme.fonts import TextStyle
from autosky_desktop.ui.theme.style import style_sheet
from autosky_desktop.ui.theme.tokens import DARK, LIGHT, Tokens, high_contrast

if TYPE_CHECKING:
    from autosky_desktop.ui.theme.motion import SystemMotion


ARGUMENTS = ("-style", "fusion")
"""For `QApplication`. Setting the style later would load QStyle's enums: 20 ms of the start."""

_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup

_PALETTE = (
    (_Role.Window, "canvas"),
    (_Role.WindowText, "text"),
    (_Role.Base, "surface"),
    (_Role.AlternateBase, "zebra"),
    (_Role.Text, "text"),
    (_Role.PlaceholderText, "text3"),
    (_Role.Button, "surface"),
    (_Role.ButtonText, "text"),
    (_Role.BrightText, "on_accent"),
    (_Role.ToolTipBase, "text"),
    (_Role.ToolTipText, "surface"),
    (_Role.Highlight, "accent"),
    (_Role.HighlightedText, "on_accent"),
    (_Role.Accent, "accent"),
    (_Role.Link, "accent_text"),
    (_Role.LinkVisited, "accent_text"),
    (_Role.Light, "surface"),
    (_Role.Midlight, "hover"),
    (_Role.Mid, "line"),
    (_Role.Dark, "control"),
    (_Role.Shadow, "control"),
)
_TEXTS = (_Role.WindowText, _Role.Text, _Role.ButtonText)
SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The theme that widgets are painted with now, and whether anything of it may move."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._colors: dict[str, QColor] = {}
        self.tokens = LIGHT
        fonts.load()
        app.setFont(fonts.font(TextStyle.BODY))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)
        self._stands_still = False
        self._system_motion: SystemMotion | None = None
        self.wear(self._wanted())

    @property
    def motion(self) -> bool:
        """Tell whether anything may turn or fade; everything that would asks here."""
        system = self._system_motion
        return not (self._stands_still or (system and system.reduced))

    def reduce_motion(self, reduce: bool) -> None:
        """Keep everything still from now on; False: follow the system."""
        self._stands_still = reduce
        self._paint_all()

    def follow_motion(self) -> None:
        """Heed from now on what the system says of motion: not needed for the first picture."""
        from autosky_desktop.ui.theme.motion import SystemMotion

        if self._system_motion is None:
            self._system_motion = SystemMotion(self._app)
            self._system_motion.changed.connect(self._paint_all)
            self._paint_all()

    def _paint_all(self) -> None:
        """Paint every window again: what turns asks for its next picture while it is painted."""
        for window in self._app.topLevelWidgets():
            window.update()

    def choose(self, scheme: Qt.ColorScheme) -> None:
        """Fix light or dark; Unknown follows the system again."""
        hints = self._app.styleHints()
        hints.setColorScheme(scheme)
        if scheme is Qt.ColorScheme.Unknown:
            self._follow()
        elif hints.colorScheme() is not scheme:
            # a desktop without a theme of its own (plain X11) does not take the wish
            self.wear(DARK if scheme is Qt.ColorScheme.Dark else LIGHT)

    def wear(self, tokens: Tokens) -> None:
        """Paint everything with these colours from now on."""
        self.tokens = tokens
        self._colors.clear()
        self._app.setPalette(_palette(tokens))
        small = fonts.font(TextStyle.SMALL).pointSizeF()
        self._app.setStyleSheet(style_sheet(tokens, small=small, growth=fonts.growth()))
        self.changed.emit()

    def use_text_size(self, scale: float | None) -> None:
        """Make the letters of all widgets made from now on so much larger; None: as the system
        says.
        """
        fonts.choose_text_size(scale)
        self._app.setFont(fonts.font(TextStyle.BODY))
        self.wear(self.tokens)

    def color(self, name: str) -> QColor:
        """Return the colour with this name among the tokens, as Qt wants it."""
        if (known := self._colors.get(name)) is None:
            known = self._colors[name] = QColor(getattr(self.tokens, name))
        return known

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted != self.tokens:
            self.wear(wanted)

    def _wanted(self) -> Tokens:
        hints = self._app.styleHints()
        tokens = DARK if hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
        contrast = hints.accessibility().contrastPreference()
        return high_contrast(tokens) if contrast is Qt.ContrastPreference.HighContrast else tokens


_current: Theme | None = None


def install(app: QApplication) -> Theme:
    """Dress the application before its first widget: afterwards it costs a pass over all."""
    global _current
    _current = Theme(app)
    return _current


def current() -> Theme:
    """Return the installed theme; painting before `install` is a defect."""
    if _current is None:
        raise RuntimeError("theme.install(app) comes before the first widget")
    return _current


def tokens() -> Tokens:
    return current().tokens


def color(name: str) -> QColor:
    return current().color(name)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    for role, name in _PALETTE:
        palette.setColor(role, QColor(getattr(tokens, name)))
    for role in _TEXTS:
        palette.setColor(_Group.Disabled, role, QColor(tokens.disabled))
    return palette


def prefer_colours(name: str) -> None:
    """Paint the window "light" or "dark" from now on; any other word follows the system."""
    current().choose(SCHEMES.get(name, Qt.ColorScheme.Unknown))


def prefer_motion(name: str) -> None:
    """Let nothing turn or fade ("reduced"); any other word follows the system."""
    current().reduce_motion(name == "reduced")
