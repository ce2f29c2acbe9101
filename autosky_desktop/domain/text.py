"""Text that comes from the operating system: names of people, of computers and of files."""


def readable(text: str) -> str:
    """The text with every byte replaced that was no character, and line breaks and the like too.

    Python keeps such a byte as a lone surrogate, which nothing can be made of: no JSON, no row of
    the database, no line of a log.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in whole)
