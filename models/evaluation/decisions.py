"""Right, wrong and missed: what was said against what is true, of one tag or of all links."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from models.evaluation.intervals import Rate, as_json, f1, share


@dataclass(frozen=True, slots=True)
class Decisions:
    """How often something was said rightly, said wrongly, and not said though true. A share of nothing is None."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Rate | None:
        """Share of what was said that is right."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Rate | None:
        """Share of what is true that was said."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> Rate | None:
        """Harmonic mean of precision and recall."""
        return f1(self.right, self.wrong, self.missed)

    def as_dict(self) -> dict[str, Any]:
        """Counts and shares with intervals, for JSON."""
        return {**asdict(self), **as_json(precision=self.precision, recall=self.recall, f1=self.f1)}
