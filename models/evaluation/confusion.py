"""Which tag was meant and which was said, counted in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation.decisions import Decisions
from models.evaluation.groups import same_length, too_few
from models.evaluation.intervals import Rate, as_json, macro_f1, share
from models.post import TAGS

COMMON = 10
"""From so many posts a tag counts in `macro_f1_common`: a rarer one would move the mean of a language by chance."""


@dataclass(frozen=True)
class Confusion:
    """`table[i, j]` counts posts meant as TAGS[i] and said to be TAGS[j]."""

    table: NDArray[np.int64]

    @property
    def posts(self) -> int:
        """How many posts were compared."""
        return int(self.table.sum())

    @cached_property
    def tags(self) -> Mapping[str, Decisions]:
        """The decisions for and against each tag."""
        right, said, meant = self.table.diagonal(), self.table.sum(axis=0), self.table.sum(axis=1)
        return {
            tag: Decisions(int(right[i]), int(said[i] - right[i]), int(meant[i] - right[i]))
            for i, tag in enumerate(TAGS)
        }

    @property
    def accuracy(self) -> Rate | None:
        """Share of the posts whose tag is right."""
        return share(int(self.table.trace()), self.posts)

    @property
    def macro_f1(self) -> Rate | None:
        """Mean F1 of the tags that were meant or said."""
        return macro_f1(self.table, [one.f1 is not None for one in self.tags.values()])

    @property
    def macro_f1_common(self) -> Rate | None:
        """Mean F1 of the tags that were meant by COMMON posts or more; None where there is none."""
        return macro_f1(self.table, [one.right + one.missed >= COMMON for one in self.tags.values()])

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "posts": self.posts,
            "too_few": too_few(self.posts),
            **as_json(accuracy=self.accuracy, macro_f1=self.macro_f1, macro_f1_common=self.macro_f1_common),
            "tags": {tag: _with_posts(one) for tag, one in self.tags.items()},
            "confusion": self.table.tolist(),
        }


def compare(meant: Sequence[str], said: Sequence[str]) -> Confusion:
    """Count tags post by post; raises ValueError where the two differ in length or hold something that is no tag."""
    same_length(meant, said)
    table = np.zeros((len(TAGS), len(TAGS)), np.int64)
    for position, (label, tag) in enumerate(zip(meant, said, strict=True)):
        for name in (label, tag):
            if name not in TAGS:
                raise ValueError(f"post {position + 1}: tag: {name!r} is none of {', '.join(TAGS)}")
        table[TAGS.index(label), TAGS.index(tag)] += 1
    return Confusion(table)


def _with_posts(one: Decisions) -> dict[str, Any]:
    posts = one.right + one.missed
    return {"posts": posts, "too_few": too_few(posts), **one.as_dict()}
