"""Names run together: in hashtags, and in Korean and katakana words, which need no gaps between them.

A span is cut only where known names, with the particles between them, cover it (`models.linking.hashtags`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter

from models.linking.boundaries import particles
from models.linking.hashtags import MOST_UNCOVERED, Edge, cheapest_cover
from models.linking.lexicon import packaged
from models.scanning import Hit
from models.text import Squashed

MAX_SPANS = 200
"""Of this many hashtags, and words without gaps, each is cut; more than that is stuffing."""
MAX_RUN = 150
"""Nobody runs more characters together than this."""
PARTICLE_COST = 0.5

_START, _SPAN = itemgetter(1), itemgetter(1, 2)


def run_together(
    flat: Squashed, tags: Sequence[tuple[int, int]], hits: Sequence[Hit], kept: Iterable[Hit]
) -> list[Hit]:
    """The hits beyond `kept` that make up, with others, a whole hashtag (spans of the folded text) or word."""
    known = set(kept)
    hits = sorted(hits, key=_SPAN)
    spans = [span for tag in tags if (span := flat.squashed(*tag)) is not None]
    if flat.runs_together:
        spans += _unspaced(flat, [hit for hit in hits if hit not in known], spans)
    return [hit for span in spans for hit in _cut(flat, *span, hits) if hit not in known]


def _unspaced(flat: Squashed, hits: Iterable[Hit], tags: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The words without gaps, outside of hashtags, in which a hit stands."""
    in_tag = bytearray(len(flat.text) + 1)
    for start, end in tags:
        in_tag[start:end] = b"\1" * (end - start)
    runs = sorted({flat.run(hit[1]) for hit in hits if not in_tag[hit[1]]})
    return [(flat.at[run], flat.run_end(run)) for run in runs if flat.is_unspaced(run)][:MAX_SPANS]


def _cut(flat: Squashed, start: int, end: int, hits: Sequence[Hit]) -> list[Hit]:
    """The names of the cheapest cut of [start, end); `hits` ascend by their start."""
    first, last = bisect_left(hits, start, key=_START), bisect_left(hits, end, key=_START)
    if first == last or end - start > MAX_RUN:
        return []
    text = flat.text
    names = {
        (hit[1], hit[2]): hit
        for hit in hits[first:last]
        if hit[2] <= end and (hit[2] - hit[1] > 2 or text[hit[1]] > "z" or _at_edge(hit, start, end))
    }
    if not names or not _coverable(text, start, end, names):
        return []
    edges = [Edge(begin, stop) for begin, stop in names]
    stops = {stop for _, stop in names}
    edges += _particle_edges(text, start, end, stops | {start} if _is_glued(flat, start) else stops)
    way = cheapest_cover(start, end, edges)
    return [names[edge.start, edge.end] for edge in way or () if (edge.start, edge.end) in names]


def _at_edge(hit: Hit, start: int, end: int) -> bool:
    """One or two Latin letters stand everywhere; as a name they stand first or last: '#sweetnightv'."""
    return hit[1] == start or hit[2] == end


def _coverable(text: str, start: int, end: int, names: Iterable[tuple[int, int]]) -> bool:
    """Whether names, and signs of which particles are made, can cover as much as a cut has to: a quick look ahead."""
    covered = bytearray(end - start)
    for begin, stop in names:
        covered[begin - start : stop - start] = b"\1" * (stop - begin)
    signs = _joint_signs()
    bare = [sign for known, sign in zip(covered, text[start:end], strict=True) if not known and sign not in signs]
    return len(bare) <= MOST_UNCOVERED * (end - start)


def _is_glued(flat: Squashed, start: int) -> bool:
    """Whether no gap parts a run from the one before it: only then it may begin with a particle ("1988에서")."""
    run = flat.run(start)
    return run > 0 and flat.source[run - 1] + start - flat.at[run - 1] == flat.source[run]


def _particle_edges(text: str, start: int, end: int, stops: set[int]) -> list[Edge]:
    """Particles and joining words that follow a name, and those that follow these; a joint may stand first."""
    edges: list[Edge] = []
    queue = sorted(stop for stop in {start, *stops} if stop < end and "가" <= text[stop] <= "힣")
    seen = set(queue)
    while queue:
        place = queue.pop()
        for size in range(1, min(_longest_joint(), end - place) + 1):
            word = text[place : place + size]
            if word in _joints() or ((place > start or start in stops) and word in particles()):
                edges.append(Edge(place, place + size, PARTICLE_COST))
                if place + size not in seen and place + size < end:
                    seen.add(place + size)
                    queue.append(place + size)
    return edges


@cache
def _joints() -> frozenset[str]:
    return frozenset(packaged("particles.toml")["joints"])


@cache
def _joint_signs() -> frozenset[str]:
    return frozenset("".join(particles() | _joints()))


@cache
def _longest_joint() -> int:
    return max(map(len, particles() | _joints()))
