"""The tally of what was done to publications, or seen of them, in all machines together."""

from collections import Counter

TAKEN = (
    "publishes",
    "publishes with a stale version",
    "publishes an earlier version again",
    "publishes with a deadline",
    "publishes with a hold",
    "cancels",
    "cancels too late",
    "tries again",
    "goes on from a hold",
    "goes back from a hold",
    "presses again what was accepted",
    "plans for later",
    "moves a plan",
    "moves a plan that moved",
    "edits a plan",
    "edits a plan that changed",
    "calls a plan off",
    "breaks the cloud",
    "mends the cloud",
    "slows an image",
    "loses an image",
    "switches the preparation server",
    "signs in",
    "time goes on",
    "puts the clock forward",
    "puts the clock back",
    "dies between two looks",
    "dies in a call",
    "dies at the last step",
    "dies before it is noted",
    "is away",
)
SEEN = (
    "a second one refused",
    "no allowance left",
    "an image that is gone refused",
    "a plan started",
    "a plan waited its turn",
    "a plan missed",
    "a plan without allowance",
    "a plan that had become impossible",
    "a hold waits for a person",
    "a hold bakes",
    "a bake passed",
    "users asked",
    "users asked at a deadline",
    "nobody asked at a deadline",
    "new sessions blocked",
    "sessions ended",
    "an instance failed and the others went on",
    "a step made anew",
)


class Tally:
    """A count of what happened: `steps` of all machines, what was `done` or seen, and the `ends` of
    publications.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.done: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()

    def count(self, what: str) -> None:
        assert what in TAKEN or what in SEEN, what
        self.done[what] += 1

    @property
    def missed(self) -> list[str]:
        """Return what never was done or seen."""
        return [what for what in (*TAKEN, *SEEN) if not self.done[what]]


TALLY = Tally()
