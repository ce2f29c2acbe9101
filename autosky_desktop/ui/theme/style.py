"""The style sheet: what a box looks like, by kind. Lengths are those of the design.

Widgets say what they are by dynamic properties: `kind` on buttons and frames, `small` on buttons,
`tone` on labels, `invalid` on inputs, `look` on tab bars, `region` and `label` on the frame's
parts. A focused control has a border of 2 instead of 1; its padding gives the pixel back.
"""

import re
from string import Template

from msgspec.structs import asdict
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.theme.tokens import Tokens

_LEAST_LINE = 16
"""The least height of a box that holds text."""
SCROLL_BAR = 12
"""Pixels that a scroll bar is wide."""

_BUTTONS = """
QPushButton, QToolButton {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 0 12px; min-height: 30px; font-weight: 500; outline: none; }
QPushButton { qproperty-iconSize: 20px 16px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: $selected; }
QPushButton:focus, QToolButton:focus {
  border: 2px solid $focus; padding: 0 11px; min-height: 28px; }
QPushButton:disabled, QToolButton:disabled {
  background: $idle_soft; color: $disabled; border-color: $line; }
QPushButton[small="true"], QToolButton[small="true"] { min-height: 26px; padding: 0 9px; }
QPushButton[small="true"]:focus, QToolButton[small="true"]:focus {
  min-height: 24px; padding: 0 8px; }

QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {
  background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="destructive"] {
  background: $bad_solid; color: $on_accent; border-color: $bad_solid; }
QPushButton[kind="destructive"]:hover, QPushButton[kind="destructive"]:pressed {
  background: $bad_hover; border-color: $bad_hover; }
QPushButton[kind="primary"]:focus, QPushButton[kind="destructive"]:focus {
  border: 2px solid $text; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="destructive"]:disabled {
  background: $idle_soft; color: $disabled; border-color: $line; }

QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="link"] {
  background: transparent; color: $accent_text; border: 2px solid transparent;
  border-radius: 4px; padding: 0 2px; min-height: 16px; }
QPushButton[kind="link"][flush="left"] { padding-left: 0; }
QPushButton[kind="link"][flush="right"] { padding-right: 0; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus { border: 2px solid $focus; }
QPushButton[kind="quiet"]:disabled, QPushButton[kind="link"]:disabled { color: $disabled; }

QPushButton[kind="icon"] { padding: 0; min-width: 30px; qproperty-iconSize: 16px 16px; }
QPushButton[kind="icon"]:focus { padding: 0; min-width: 28px; }
QToolButton[kind="icon"] { padding: 0; min-width: 30px; }
QToolButton[kind="icon"]:focus { padding: 0; min-width: 28px; }
QToolButton[kind="cell"], QPushButton[kind="bare"] {
  background: transparent; border: 2px solid transparent; border-radius: 4px; padding: 0;
  min-width: 20px; min-height: 20px; }
QPushButton[kind="bare"] { min-width: 28px; min-height: 28px; border-radius: 6px; }
QToolButton[kind="cell"]:hover, QPushButton[kind="bare"]:hover { background: $hover; }
QToolButton[kind="cell"]:focus, QPushButton[kind="bare"]:focus { border: 2px solid $focus; }
QPushButton::menu-indicator { image: none; width: 0; }
"""

_INPUTS = """
QLineEdit, QComboBox {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 0 10px; min-height: 30px;
  selection-background-color: $accent; selection-color: $on_accent;
  placeholder-text-color: $text3; }
QLineEdit QToolButton, QLineEdit QToolButton:focus {
  background: transparent; border: none; padding: 0; min-height: 0; }
QLineEdit:focus, QComboBox:focus {
  border: 2px solid $focus; padding: 0 9px; min-height: 28px; }
QLineEdit[invalid="true"] { border-color: $bad_dot; }
QPlainTextEdit {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 4px 6px; selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit:focus { border: 2px solid $focus; padding: 3px 5px; }
QPlainTextEdit[invalid="true"] { border-color: $bad_dot; }
QSpinBox, TimeField, ClockField {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 0 24px 0 9px; min-height: 30px;
  selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox:focus, TimeField:focus, ClockField:focus {
  border: 2px solid $focus; padding: 0 23px 0 8px; min-height: 28px; }
QSpinBox:disabled, TimeField:disabled, QDateEdit:disabled {
  background: $idle_soft; color: $disabled; border-color: $line; }
QSpinBox::up-button, TimeField::up-button, ClockField::up-button,
QSpinBox::down-button, TimeField::down-button, ClockField::down-button {
  background: transparent; border: none; width: 26px; }
QSpinBox::up-arrow, TimeField::up-arrow, ClockField::up-arrow,
QSpinBox::down-arrow, TimeField::down-arrow, ClockField::down-arrow {
  image: none; }
QDateEdit {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 0 9px; min-height: 26px;
  selection-background-color: $accent; selection-color: $on_accent; }
QDateEdit:focus {
  border: 2px solid $focus; padding: 0 8px; min-height: 24px; }
QDateEdit[tall="true"] { min-height: 30px; }
QDateEdit[tall="true"]:focus { min-height: 28px; }
QDateEdit::drop-down { border: none; width: 24px; }
QDateEdit::down-arrow { image: none; }
QCalendarWidget { border: 1px solid $control; }
QCalendarWidget QWidget#qt_calendar_navigationbar {
  background: $surface; border-bottom: 1px solid $line; }
QCalendarWidget QToolButton {
  background: transparent; color: $text; border: 2px solid transparent; border-radius: 6px;
  padding: 0 8px; margin: 4px 2px; min-height: 24px; }
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton:focus { border: 2px solid $focus; }
QCalendarWidget QToolButton::menu-indicator { image: none; width: 0; }
QCalendarWidget QSpinBox { min-height: 24px; margin: 4px 0; }
QCalendarWidget QAbstractItemView {
  background: $surface; alternate-background-color: $surface; color: $text; border: none;
  selection-background-color: $surface; selection-color: $text; outline: none; }
QLineEdit:disabled, QComboBox:disabled {
  background: $idle_soft; color: $disabled; border-color: $line; }
QComboBox[small="true"], QLineEdit[small="true"] { min-height: 26px; padding: 0 9px; }
QComboBox[small="true"]:focus, QLineEdit[small="true"]:focus { min-height: 24px; padding: 0 8px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus {
  background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox::down-arrow { image: none; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $control; border-radius: 8px; outline: none; padding: 4px;
  selection-background-color: $selected; selection-color: $text; }
QComboBox QAbstractItemView::item {
  color: $text; min-height: 28px; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $selected; color: $text; }
QComboBox QAbstractItemView::item:disabled { color: $disabled; background: transparent; }
"""

_TABS = """
QTabBar { background: transparent; font-weight: 500; }
QTabBar[look="page"]::tab {
  border: none; padding: 0 6px; margin-right: 12px; min-height: 40px; }
QTabBar[look="segment"] { background: $idle_soft; border-radius: 8px; }
QTabBar[look="segment"]::tab {
  background: transparent; color: $text2; border: 2px solid transparent; border-radius: 6px;
  padding: 0 9px; margin: 3px; min-height: 24px; }
QTabBar[look="segment"][small="true"]::tab { min-height: 18px; padding: 0 5px; margin: 2px; }
QTabBar[look="segment"]::tab:hover { color: $text; }
QTabBar[look="segment"]::tab:selected {
  background: $surface; color: $text; border: 1px solid $line; padding: 0 10px; min-height: 26px; }
QTabBar[look="segment"][small="true"]::tab:selected { padding: 0 6px; min-height: 20px; }
QTabBar[look="segment"]::tab:selected:focus {
  border: 2px solid $focus; padding: 0 9px; min-height: 24px; }
QTabBar[look="segment"][small="true"]::tab:selected:focus { padding: 0 5px; min-height: 18px; }
QTabBar::scroller { width: 64px; }
QTabBar::tear { width: 0; }
QTabBar QToolButton { padding: 0; }
"""

_FRAMES = """
QGroupBox { border: none; margin: 0; padding: 0; background: transparent; }
Card { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="strip"] {
  background: $surface; border: none; border-top: 1px solid $line;
  border-bottom-left-radius: 7px; border-bottom-right-radius: 7px; }
QFrame[kind="strip"][near="true"] { background: $warn_soft; border-top-color: $warn_line; }
QFrame[kind="rule"] { background: $line; border: none; }
QFrame[kind="notice"] { background: $accent_soft; border: none; border-radius: 6px; }
QFrame[kind="warning"] { background: $warn_soft; border: none; border-radius: 6px; }
QFrame[kind="seen"] { background: $selected; border: none; border-radius: 6px; }
QFrame[kind="hint"] {
  background: $surface; border: 1px solid $focus; border-radius: 8px; }
QFrame[kind="ring"] { background: transparent; border: 2px solid $focus; border-radius: 6px; }
QFrame[kind="box"] { background: $surface; border: 1px solid $line; border-radius: 6px; }
QFrame[kind="box"] QHeaderView::section { border-top: none; }
QFrame[kind="line"] { background: $zebra; border: 1px solid $line; border-radius: 6px; }
ErrorBox { background: $bad_soft; border: 1px solid $bad_line; border-radius: 6px; padding: 1px; }
ErrorBox:focus { border: 2px solid $focus; padding: 0; }
Banner { background: $warn_soft; border: none; border-bottom: 1px solid $warn_line; }
Banner[kind="bad"] { background: $bad_soft; border-bottom-color: $bad_line; }
QDialog { background: $surface; }
Palette { background: transparent; }
QFrame[kind="palette"] {
  background: $surface; border: 1px solid $control; border-radius: 8px; }
QFrame[kind="footer"] { background: $canvas; border: none; border-top: 1px solid $line; }
QFrame[region="sidebar"] {
  background: $sidebar; border: none; border-right: 1px solid $line; }
QFrame[region="panel"] {
  background: $surface; border: none; border-left: 1px solid $line; }
QFrame[region="account"] { background: transparent; border: none; border-top: 1px solid $line; }
QFrame[region="header"] {
  background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[region="stripe"] { background: $line; border: none; }
QFrame[region="stripe"][label="production"] { background: $prod_line; }
QFrame[region="stripe"][label="staging"] { background: $stage_line; }
QScrollArea { background: transparent; border: none; }
"""

_REST = """
QLabel[tone="text2"] { color: $text2; }
QLabel[tone="text3"] { color: $text3; }
QLabel[tone="accent"] { color: $accent_text; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QMenu {
  background: $surface; color: $text; border: 1px solid $control; border-radius: 8px;
  padding: 4px; }
QMenu::item { padding: 0 12px 0 16px; min-height: 28px; border-radius: 4px; }
QMenu[region="tray"]::item { padding-right: 28px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::icon { left: 9px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $surface; color: $text; border: 1px solid $control; padding: 3px 5px; }
QListView { background: transparent; border: none; outline: none; }
QLabel[region="keys"] {
  background: $canvas; color: $text3; border: 1px solid $line; border-radius: 4px;
  padding: 1px 5px; }
QLabel[region="count"] {
  background: $idle_soft; color: $text2; border-radius: 8px; padding: 1px 6px; }
QLabel[region="initials"] {
  background: $accent_soft; color: $accent_text; border-radius: 14px; }
QTableView {
  background: transparent; border: none; outline: none;
  selection-background-color: transparent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: $zebra; color: $text2; border: none; border-top: 1px solid $line;
  border-bottom: 1px solid $line; padding: 0 8px; font-size: $small; font-weight: 500; }
QHeaderView::section:first { padding-left: 16px; }
QHeaderView::section:only-one { padding-left: 16px; }
QProgressBar { background: $idle_soft; border: none; border-radius: 3px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[tone="warn"]::chunk { background: $warn_dot; }
QProgressBar[tone="idle"]::chunk { background: $idle_dot; }
QScrollBar:vertical { background: transparent; width: ${scroll_bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${scroll_bar}px; margin: 0; }
QScrollBar::handle {
  background: $control; border-radius: 3px; margin: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_SHEET = Template(_BUTTONS + _INPUTS + _TABS + _FRAMES + _REST)
_HEIGHT = re.compile(r"min-height: (\d+)px")
_LINE = 18
"""Pixels that a line of text is high at the usual text size."""


def style_sheet(tokens: Tokens, *, small: float = 9.0, growth: float = 1.0) -> str:
    """Build the style sheet for these colours.

    `small`: points of the Small style, for what only the style sheet gives its letters. `growth`:
    how much larger than designed the letters are; what holds a line of them grows as much as it.
    """
    sheet = _SHEET.substitute(asdict(tokens), small=f"{small:g}pt", scroll_bar=SCROLL_BAR)
    more = round(_LINE * (growth - 1))
    if not more:
        return sheet

    def grown(found: re.Match[str]) -> str:
        pixels = int(found[1])
        return f"min-height: {pixels + more if pixels >= _LEAST_LINE else pixels}px"

    return _HEIGHT.sub(grown, sheet)


def wear(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet asks for, and have the widget look like it.

    A widget that was never dressed is left alone, for Qt dresses it when it is shown. Others are
    dressed by the event with which Qt does it: the first style that Python is handed costs a start
    up to 9 ms, for Python's copies of the 566 names in its lists.
    """
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
