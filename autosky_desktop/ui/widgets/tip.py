"""Tool tips that say what they are given, to the letter."""


def tip(text: str) -> str:
    """Make a tool tip of `text`: Qt would take a name like "<b>" for markup, and fetch its
    pictures.
    """
    if "<" not in text:
        return text
    from html import escape  # hardly ever needed, and never for the first paint

    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"
