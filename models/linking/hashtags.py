"""Words run together, cut with the names that the catalogue knows: '#goblinostcover' is goblin + ost + cover.

The cut is a shortest path. Each known name is an edge; what no name covers is paid for by the character, so that a
name that merely happens to stand inside another word is not taken for a mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAME_COST = 1.0
SHORT_NAME_COST = 1.6
"""Names of up to three characters stand inside other words too often to be as cheap as the rest."""
GAP_COST = 3.0
"""A character that no name covers."""
MOST_UNCOVERED = 0.1
"""Accept a cut only when at most this share of the characters is left over."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A name that spans [start, end); `cost` None means the usual cost of its length."""

    start: int
    end: int
    cost: float | None = None

    @property
    def price(self) -> float:
        """What it costs to use this name."""
        if self.cost is not None:
            return self.cost
        return NAME_COST if self.end - self.start > 3 else SHORT_NAME_COST


def cheapest_cover(start: int, end: int, edges: Sequence[Edge]) -> list[Edge] | None:
    """The cheapest way through [start, end), left to right, or None when too much of it stays uncovered.

    Of two ways that cost the same the one with the longer last name wins.
    """
    size = end - start
    into: list[list[Edge]] = [[] for _ in range(size + 1)]
    for edge in edges:
        if start <= edge.start and edge.end <= end:
            into[edge.end - start].append(edge)
    cost = [0.0] * (size + 1)
    last: list[Edge | None] = [None] * (size + 1)
    for place in range(1, size + 1):
        cost[place] = cost[place - 1] + GAP_COST
        for edge in sorted(into[place], key=lambda edge: edge.start):
            through = cost[edge.start - start] + edge.price
            if through < cost[place]:
                cost[place], last[place] = through, edge
    return _way_back(start, size, last)


def _way_back(start: int, size: int, last: Sequence[Edge | None]) -> list[Edge] | None:
    way: list[Edge] = []
    place, uncovered = size, 0
    while place > 0:
        edge = last[place]
        if edge is None:
            uncovered += 1
            place -= 1
        else:
            way.append(edge)
            place = edge.start - start
    if not way or uncovered > MOST_UNCOVERED * size:
        return None
    return way[::-1]
