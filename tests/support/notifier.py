"""Notifications that nobody sees but the test."""

from autosky_desktop.system.notifications import Note, Pressed


class FakeNotifier:
    """A notifier in memory. With `works` False it is as where no daemon answers."""

    def __init__(self) -> None:
        self.works = True
        self.notes: dict[str, Note] = {}
        self.ever: list[Note] = []
        self._pressed: dict[str, Pressed] = {}

    async def show(self, note: Note, pressed: Pressed) -> bool:
        if self.works:
            self.notes[note.key], self._pressed[note.key] = note, pressed
            self.ever.append(note)
        return self.works

    async def clear(self, key: str) -> None:
        self.notes.pop(key, None)

    async def close(self) -> None:
        self.notes.clear()

    def press(self, title: str, word: str) -> None:
        """Press the button with that word; an empty one is the note itself."""
        note = next(it for it in self.notes.values() if it.title == title)
        assert not word or word in dict(note.buttons)
        del self.notes[note.key]
        self._pressed[note.key](word)
