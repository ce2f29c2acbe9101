"""The colours can be read: contrast by WCAG 2.2, in both themes."""

import pytest
from PySide6.QtGui import QColor

from autosky_desktop.ui.theme.tokens import DARK, LIGHT, Tokens, high_contrast

TEXT, GRAPHIC = 4.5, 3.0

TEXT_PAIRS = [
    *((text, behind)
      for text in ("text", "text2", "text3")
      for behind in ("canvas", "surface", "sidebar", "hover", "selected", "zebra")),
    *((word, f"{word}_soft") for word in ("ok", "warn", "bad", "idle", "prod", "stage")),
    *((word, "surface") for word in ("ok", "warn", "bad", "idle", "prod", "stage")),
    *(("on_accent", behind) for behind in ("accent", "accent_hover", "bad_solid", "bad_hover")),
    ("accent_text", "accent_soft"),
    ("accent_text", "surface"),
    ("accent_text", "selected"),
    ("text", "warn_soft"),
    ("text", "accent_soft"),
    ("text2", "idle_soft"),
]  # fmt: skip
GRAPHIC_PAIRS = [
    *((shape, behind) for shape in ("control", "focus", "prod_line", "stage_line")
      for behind in ("surface", "canvas", "sidebar", "hover", "selected")),
    ("accent", "surface"), ("accent", "canvas"),
    *((f"{kind}_dot", behind)
      for kind in ("ok", "warn", "bad", "idle") for behind in ("surface", f"{kind}_soft")),
    ("bad_solid", "surface"),
]  # fmt: skip


def channel(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(value: str) -> float:
    red, green, blue, _ = QColor(value).getRgbF()
    return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)


def contrast(tokens: Tokens, one: str, other: str) -> float:
    lights = sorted(luminance(getattr(tokens, name)) for name in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "behind"), TEXT_PAIRS)
def test_text_stands_out_from_what_is_behind_it(tokens: Tokens, text: str, behind: str) -> None:
    assert contrast(tokens, text, behind) >= TEXT


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "behind"), GRAPHIC_PAIRS)
def test_borders_and_dots_can_be_seen(tokens: Tokens, shape: str, behind: str) -> None:
    assert contrast(tokens, shape, behind) >= GRAPHIC


def test_every_value_is_a_colour() -> None:
    for tokens in (LIGHT, DARK):
        assert all(QColor(getattr(tokens, name)).isValid() for name in tokens.__struct_fields__)


def test_high_contrast_needs_no_soft_fills() -> None:
    strict = high_contrast(LIGHT)
    assert strict.ok_soft == strict.surface
    assert strict.control == strict.text
