"""The colours, by what they are for. No other file holds colour values."""

import msgspec


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of one theme. Values are what `QColor` reads: #RRGGBB, or #AARRGGBB for the
    scrim.

    `*_soft` is a fill, the bare word the text on it, `*_dot` a shape, `*_line` a border.
    """

    canvas: str
    surface: str
    sidebar: str
    hover: str
    selected: str
    zebra: str
    line: str
    control: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    focus: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_text: str
    ok: str
    ok_soft: str
    ok_dot: str
    warn: str
    warn_soft: str
    warn_dot: str
    warn_line: str
    bad: str
    bad_soft: str
    bad_dot: str
    bad_line: str
    bad_solid: str
    bad_hover: str
    idle: str
    idle_soft: str
    idle_dot: str
    prod: str
    prod_soft: str
    prod_line: str
    stage: str
    stage_soft: str
    stage_line: str
    scrim: str


LIGHT = Tokens(
    canvas="#F6F7F9",
    surface="#FFFFFF",
    sidebar="#EDEFF3",
    hover="#F1F3F6",
    selected="#DFE8FA",
    zebra="#FAFBFC",
    line="#DFE3E9",
    control="#78828F",
    text="#1A1E24",
    text2="#4A535F",
    text3="#5C6571",
    disabled="#8F98A4",
    accent="#2258C7",
    focus="#2258C7",
    accent_hover="#1C4AAB",
    on_accent="#FFFFFF",
    accent_soft="#E6EEFC",
    accent_text="#1D4FB5",
    ok="#136442",
    ok_soft="#E2F3EA",
    ok_dot="#1B8F5A",
    warn="#7A4B00",
    warn_soft="#FCF1DA",
    warn_dot="#B87203",
    warn_line="#E9CF94",
    bad="#A8221B",
    bad_soft="#FCEAE8",
    bad_dot="#CF332B",
    bad_line="#EFB9B5",
    bad_solid="#BF2B23",
    bad_hover="#CF332B",
    idle="#4A535F",
    idle_soft="#EBEEF2",
    idle_dot="#727C89",
    prod="#861D60",
    prod_soft="#F8E6F1",
    prod_line="#A62C7B",
    stage="#0A5C63",
    stage_soft="#DDF1F2",
    stage_line="#12848D",
    scrim="#6B14181F",
)

DARK = Tokens(
    canvas="#15171B",
    surface="#1C1F24",
    sidebar="#111316",
    hover="#262A31",
    selected="#22324F",
    zebra="#1F2227",
    line="#2D323A",
    control="#7A8491",
    text="#E7EAEE",
    text2="#B2BAC5",
    text3="#98A1AE",
    disabled="#6F7884",
    accent="#2F66D8",
    focus="#5B8DEF",
    accent_hover="#3A70DF",
    on_accent="#FFFFFF",
    accent_soft="#1E2C47",
    accent_text="#8FB5FF",
    ok="#74D5A4",
    ok_soft="#173126",
    ok_dot="#3DBB80",
    warn="#F0C06A",
    warn_soft="#33280F",
    warn_dot="#E0A22E",
    warn_line="#5C4817",
    bad="#FFA098",
    bad_soft="#3B1D1B",
    bad_dot="#F0564B",
    bad_line="#6D2E2A",
    bad_solid="#C7362C",
    bad_hover="#D0402F",
    idle="#B2BAC5",
    idle_soft="#2A2E35",
    idle_dot="#8C95A1",
    prod="#F3A0CE",
    prod_soft="#3A1B2F",
    prod_line="#CC5A9F",
    stage="#74D2D8",
    stage_soft="#12302F",
    stage_line="#2A9BA3",
    scrim="#94000000",
)


def high_contrast(tokens: Tokens) -> Tokens:
    """Derive a theme without soft fills and with borders in the text's colour: words and shapes say
    it all.
    """
    fills = (name for name in tokens.__struct_fields__ if name.endswith("_soft"))
    return msgspec.structs.replace(
        tokens,
        line=tokens.text,
        control=tokens.text,
        text2=tokens.text,
        text3=tokens.text,
        **dict.fromkeys(fills, tokens.surface),
    )
