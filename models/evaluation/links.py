"""How good links are: the sure ones, which count, and beside them the possible ones, which do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.evaluation.decisions import Decisions
from models.evaluation.groups import Origin, by_language, by_platform, same_length, too_few
from models.evaluation.intervals import Rate, as_json, share


@dataclass(frozen=True, slots=True)
class LabelledLinks:
    """What one post names: `songs` must be linked, `acceptable` may be."""

    songs: frozenset[str]
    acceptable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SaidLinks:
    """What was found in one post: songs linked surely, and songs kept apart as possible."""

    sure: Collection[str]
    possible: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class LinkMeasure:
    """How good the links of some posts are.

    `posts_wrong` counts posts with at least one wrong sure link. Among the possible links `possible_right` songs are
    right and `possible_wrong` wrong; they are in none of the other figures.
    """

    posts: int
    links: Decisions
    posts_wrong: int
    possible_right: int
    possible_wrong: int

    @property
    def wrong_share(self) -> Rate | None:
        """Share of the posts with a wrong link."""
        return share(self.posts_wrong, self.posts)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "posts": self.posts,
            "too_few": too_few(self.posts),
            **self.links.as_dict(),
            "posts_wrong": self.posts_wrong,
            **as_json(posts_wrong_share=self.wrong_share),
            "possible": {"right": self.possible_right, "wrong": self.possible_wrong},
        }


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """The measure of all posts and of those of each language and platform, the largest group first."""

    whole: LinkMeasure
    languages: Mapping[str, LinkMeasure]
    platforms: Mapping[str, LinkMeasure]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON; whatever rests on fewer than 30 posts says `"too_few": true`."""
        return {
            **self.whole.as_dict(),
            "languages": {name: one.as_dict() for name, one in self.languages.items()},
            "platforms": {name: one.as_dict() for name, one in self.platforms.items()},
        }


def measure_links(meant: Sequence[LabelledLinks], said: Sequence[SaidLinks], origins: Sequence[Origin]) -> LinkQuality:
    """Compare the songs linked with the labels, post by post; an acceptable song is neither right nor wrong.

    Raises ValueError where the three differ in length.
    """
    same_length(meant, said, origins)

    def of(positions: Iterable[int]) -> LinkMeasure:
        return _measure([(meant[i], said[i]) for i in positions])

    return LinkQuality(
        whole=of(range(len(meant))),
        languages={name: of(positions) for name, positions in by_language(origins).items()},
        platforms={name: of(positions) for name, positions in by_platform(origins).items()},
    )


def _measure(pairs: Sequence[tuple[LabelledLinks, SaidLinks]]) -> LinkMeasure:
    right = wrong = missed = posts_wrong = possible_right = possible_wrong = 0
    for label, found in pairs:
        sure, possible = frozenset(found.sure), frozenset(found.possible)
        mistaken = sure - label.songs - label.acceptable
        right += len(sure & label.songs)
        wrong += len(mistaken)
        missed += len(label.songs - sure)
        posts_wrong += bool(mistaken)
        possible_right += len(possible & label.songs)
        possible_wrong += len(possible - label.songs - label.acceptable)
    return LinkMeasure(len(pairs), Decisions(right, wrong, missed), posts_wrong, possible_right, possible_wrong)
