"""How good tags are: as a whole, by tag, by language and by platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.evaluation.abstaining import Answered, risk_coverage, sure_coverage
from models.evaluation.calibration import Bin, bins, brier, calibration_error
from models.evaluation.confusion import Confusion, compare
from models.evaluation.groups import Origin, by_language, by_platform, same_length
from models.tagging.tagger import Tagged


@dataclass(frozen=True)
class TagMeasure:
    """How good the tags of some posts are, and how honest their probabilities.

    `ece` is the expected calibration error; `sure_coverage` the largest share of posts, the most confident first, of
    which 95 in 100 are right. Both and `brier` are None where there are no posts.
    """

    confusion: Confusion
    ece: float | None
    brier: float | None
    sure_coverage: float | None
    bins: tuple[Bin, ...]
    risk_coverage: tuple[Answered, ...]

    def as_dict(self) -> dict[str, Any]:
        """What is said of a group, for JSON: all but the two curves, for which most groups are too small."""
        return {
            **self.confusion.as_dict(),
            "ece": self.ece,
            "brier": self.brier,
            "sure_coverage": self.sure_coverage,
        }


@dataclass(frozen=True)
class TagQuality:
    """The measure of all posts and of those of each language and platform, the largest group first."""

    whole: TagMeasure
    languages: Mapping[str, TagMeasure]
    platforms: Mapping[str, TagMeasure]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON; whatever rests on fewer than 30 posts says `"too_few": true`."""
        return {
            **self.whole.as_dict(),
            "calibration": [one.as_dict() for one in self.whole.bins],
            "risk_coverage": [one.as_dict() for one in self.whole.risk_coverage],
            "languages": {name: one.as_dict() for name, one in self.languages.items()},
            "platforms": {name: one.as_dict() for name, one in self.platforms.items()},
        }


def measure_tags(meant: Sequence[str], said: Sequence[Tagged], origins: Sequence[Origin]) -> TagQuality:
    """Compare `said` with the labels `meant`, post by post.

    Raises ValueError where the three differ in length or a label is none of TAGS.
    """
    same_length(meant, said, origins)

    def of(positions: Iterable[int]) -> TagMeasure:
        chosen = list(positions)
        return _measure([meant[i] for i in chosen], [said[i] for i in chosen])

    return TagQuality(
        whole=of(range(len(meant))),
        languages={name: of(positions) for name, positions in by_language(origins).items()},
        platforms={name: of(positions) for name, positions in by_platform(origins).items()},
    )


def _measure(meant: Sequence[str], said: Sequence[Tagged]) -> TagMeasure:
    confusion = compare(meant, [tagged.tag for tagged in said])
    confidence = np.array([tagged.confidence for tagged in said])
    correct = np.array([label == tagged.tag for label, tagged in zip(meant, said, strict=True)], np.bool_)
    return TagMeasure(
        confusion=confusion,
        ece=calibration_error(confidence, correct),
        brier=brier(meant, [tagged.probabilities for tagged in said]),
        sure_coverage=sure_coverage(confidence, correct),
        bins=bins(confidence, correct),
        risk_coverage=risk_coverage(confidence, correct),
    )
