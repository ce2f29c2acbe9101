"""The report of what killing the control plane came to."""

from collections import Counter
from dataclasses import dataclass, field

from autosky_desktop.domain.publication import STEPS, StepName

MODELS = ("optimized", "standard", "keep-users-connected", "request-reconnection")

# A step's name, behind the id of its publication or the model of it.
StepKey = tuple[str, str]


@dataclass
class Report:
    """The tally of the kills. `recorded`: how often each step had been begun when the workflow
    engine had recorded it.

    `cancelled` were promised to stop; all others of `publications` have to succeed, or were
    `failed` by the cloud. `mid_step` are the kills that hit; `struck`: how often one hit such a
    step of such a model.
    """

    kills: int = 0
    mid_step: int = 0
    right: int = 0
    failed: int = 0
    retries: int = 0
    doubled: int = 0
    lost: int = 0
    publications: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    recorded: dict[StepKey, int] = field(default_factory=dict)
    struck: Counter[StepKey] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.kills} kills, {self.mid_step} in the middle of a step, "
            f"{len(self.publications)} publications, {len(self.recorded)} recorded steps, "
            f"{self.right} right end states ({len(self.cancelled)} told to stop, "
            f"{self.failed} failed by the cloud, {self.retries} times tried again), "
            f"{self.doubled} doubled effects, {self.lost} lost events: "
            + ("; ".join(self.wrong) or "every publication ended, nothing was done twice")
        )

    def table(self) -> str:
        """Return a line for each step: how often it was hit in each of the models."""
        heads = "".join(f"{model:>22}" for model in MODELS)
        lines = [f"  {'':24}{heads}"]
        for step in STEPS:
            hits = "".join(f"{self._hits(model, step):>22}" for model in MODELS)
            lines.append(f"  {step:24}{hits}")
        return "\n".join(lines)

    def _hits(self, model: str, step: str) -> str:
        return str(self.struck[model, step]) if is_possible(model, step) else "-"

    def missed(self) -> list[StepKey]:
        """Return the steps of models that no kill hit."""
        cells = ((model, step.value) for model in MODELS for step in STEPS)
        return [it for it in cells if is_possible(*it) and not self.struck[it]]

    def add(self, other: "Report") -> None:
        """Add what another world came to."""
        for name in ("kills", "mid_step", "right", "failed", "retries", "doubled", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.publications |= other.publications
        self.cancelled |= other.cancelled
        self.recorded |= other.recorded
        self.struck += other.struck
        self.wrong += other.wrong


def is_possible(model: str, step: str) -> bool:
    """Return whether that model has work to do in that step."""
    return step != StepName.STOP or model == "optimized"
