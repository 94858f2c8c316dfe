"""Posts by language and by platform, and when a group is too small to say anything."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass

FEWEST = 30
"""Below this many posts a figure says little and is marked so."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a post stands: its platform, and its language where that is known."""

    platform: str
    language: str | None = None


def by_language(origins: Iterable[Origin]) -> dict[str, list[int]]:
    """The positions of each language's posts, the largest group first."""
    return _grouped(origin.language for origin in origins)


def by_platform(origins: Iterable[Origin]) -> dict[str, list[int]]:
    """The positions of each platform's posts, the largest group first."""
    return _grouped(origin.platform for origin in origins)


def too_few(posts: int) -> bool:
    """Whether a figure from so many posts is to be marked."""
    return posts < FEWEST


def same_length(*columns: Sized) -> None:
    """Raise ValueError where labels, answers and origins do not belong to the same posts."""
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise ValueError(f"labels, answers and origins differ in length: {lengths}")


def _grouped(names: Iterable[str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        found.setdefault(name or UNKNOWN, []).append(position)
    return dict(sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])))
