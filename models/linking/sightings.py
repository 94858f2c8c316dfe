"""What a post names: every spelling of the lexicon that stands in it on its own, longest first."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

from models.scanning import Hit
from models.linking.hashtags import Edge, cheapest_cover
from models.linking.lexicon import Kind, Lexicon, Name, packaged
from models.linking.slips import SlipFinder
from models.post import Post
from models.text import HANGUL, KATAKANA, LATIN, WORD, Squashed, shape, squash

MAX_TAGS = 60
MAX_SIGHTINGS = 400
"""Of a post that names more than this (a pasted catalogue) the rest is not looked at."""
MAX_SPANS = 200
"""Of this many hashtags, and words without gaps, each is cut; more than that is stuffing."""
MAX_RUN = 150
"""Nobody runs more characters together than this."""

PARTICLE_COST = 0.5
_TAG = re.compile(r"#([^\s#|]{1,150})")
_CASE_ENDING = re.compile(r"[а-я]{1,2}")
"""Russian names take endings: "Пола Кима", "Гоблина"."""
_FREE_TAIL = 2
_LONG_ALIAS = 4


@dataclass(frozen=True, slots=True)
class Sighting:
    """A spelling at [start, end) of the document; `tag` is the number of the hashtag that holds it, or -1."""

    names: tuple[Name, ...]
    start: int
    end: int
    tag: int = -1

    def ids(self, kind: Kind) -> Iterable[Name]:
        """Its meanings of one kind."""
        return (name for name in self.names if name.kind is kind)


@dataclass(slots=True)
class Document:
    """A post's words in one folded text: title, text, then the hashtags that the text does not show, a line each."""

    cased: str
    folded: str
    title_end: int
    tags_from: int
    sightings: list[Sighting] = field(default_factory=list)
    tags: list[tuple[int, int]] = field(default_factory=list)
    flat: Squashed | None = None
    _by_kind: dict[Kind, list[tuple[Sighting, Name]]] = field(default_factory=dict)
    _subjects: frozenset[str] | None = None
    known: dict[Any, Any] = field(default_factory=dict)
    """What was worked out about the page before, for those who weigh several songs in it."""

    def words(self, seen: Sighting) -> str:
        """The spelling as it stands in the post, folded but for its capitals."""
        return self.cased[seen.start : seen.end]

    def of(self, kind: Kind) -> list[tuple[Sighting, Name]]:
        """All sightings with a meaning of this kind, in the order of the text."""
        if not self._by_kind:
            for seen in self.sightings:
                for name in seen.names:
                    self._by_kind.setdefault(name.kind, []).append((seen, name))
        return self._by_kind.get(kind, [])

    def subjects(self) -> frozenset[str]:
        """The ids of all dramas and artists that are named, also by their people, and however weakly."""
        if self._subjects is None:
            kinds = (Kind.DRAMA, Kind.ARTIST, Kind.CHARACTER, Kind.CAST)
            self._subjects = frozenset(name.id for kind in kinds for _, name in self.of(kind))
        return self._subjects

    def field_of(self, seen: Sighting) -> int:
        """0 when it stands in the title, 1 in the text, 2 among the hashtags that only the uploader gave."""
        return 0 if seen.start < self.title_end else 1 if seen.start < self.tags_from else 2


def document(post: Post) -> Document:
    """Lay out a post without looking for names."""
    title, text = shape(post.title or ""), shape(post.text or "")
    shown = {_bare(found) for found in _TAG.findall(f"{title} {text}")}
    tags = []
    for tag in post.hashtags[:MAX_TAGS]:
        plain = " ".join(shape(tag[:150]).lstrip("#").split())
        if plain and _bare(plain) not in shown:
            tags.append(plain if " " in plain else f"#{plain}")
    cased = "\n".join([title, text, *tags])
    folded = cased.lower()
    return Document(cased, folded, len(title), len(title) + 1 + len(text))


def _bare(tag: str) -> str:
    return tag.lower().replace(" ", "").replace("_", "")


class Reader:
    """Finds the names in posts."""

    def __init__(self, lexicon: Lexicon, stands_alone: Callable[[Name], bool]) -> None:
        """`stands_alone` says of a title whether it means something in a post that holds nothing else."""
        self._meanings = lexicon.meanings
        self._scanner = lexicon.scanner
        self._free = [any(name.free for name in names) for names in lexicon.meanings]
        self._stands_alone = stands_alone
        self._worths: list[str | None] = [None] * len(lexicon.meanings)
        self._slips = SlipFinder(lexicon)

    def slips(self, page: Document, subjects: Iterable[str]) -> list[Hit]:
        """Where a title with a slip in it stands on its own, among the songs of the dramas and singers `subjects`."""
        flat = page.flat
        if flat is None:
            return []
        return [hit for hit in self._slips.find(flat.text, subjects) if self._on_boundary(flat, hit)]

    def read(self, post: Post, *, slips: Sequence[Hit] = ()) -> Document:
        """The post's document with its sightings, in the order of the text; none where nothing can come of them.

        `slips` are taken for sightings as well.
        """
        page = document(post)
        page.flat = flat = squash(page.folded)
        hits = self._scanner.find(flat.text)
        if not hits:
            return page
        starts, ends = flat.starts, flat.ends
        kept = [hit for hit in hits if starts[hit[1]] and ends[hit[2]]]
        if len(kept) < len(hits) and flat.has_endings:
            kept = [hit for hit in hits if self._on_boundary(flat, hit)]
        kept += slips
        page.tags = [found.span(1) for found in _TAG.finditer(page.folded)][:MAX_SPANS]
        if page.tags or (len(kept) < len(hits) and flat.runs_together):
            kept += self._run_together(flat, page.tags, sorted(hits, key=itemgetter(1, 2)), set(kept))
        if not self._worthwhile({hit[0] for hit in kept}):
            return page
        tag_starts = [start for start, _ in page.tags]
        for number, start, end in _longest_first(kept, len(flat.text))[:MAX_SIGHTINGS]:
            begin, stop = flat.folded(start, end)
            tag = bisect_right(tag_starts, begin) - 1
            inside = tag >= 0 and begin < page.tags[tag][1]
            page.sightings.append(Sighting(self._meanings[number], begin, stop, tag if inside else -1))
        page.sightings.sort(key=lambda seen: seen.start)
        return page

    def _worthwhile(self, numbers: Iterable[int]) -> bool:
        """Whether something can come of these spellings: a drama, a singer, a title beside a word, one that stands alone."""
        told = {self._worth(number) for number in numbers}
        return SUBJECT in told or ALONE in told or (TITLE in told and TOPIC in told)

    def _worth(self, number: int) -> str:
        known = self._worths[number]
        if known is None:
            known = self._worths[number] = _worth_of(self._meanings[number], self._stands_alone)
        return known

    def _on_boundary(self, flat: Squashed, hit: Hit) -> bool:
        number, start, end = hit
        if not flat.starts[start]:
            run = flat.run(start)
            if flat.kinds[run] != WORD or flat.text[flat.at[run] : start] not in _clitics():
                return False
        if flat.ends[end]:
            return True
        run = flat.run(end - 1)
        rest = flat.text[end : flat.run_end(run)]
        if flat.kinds[run] == HANGUL:
            return self._free[number] or rest in _particles() or _is_tail(rest, end - start)
        return flat.kinds[run] == WORD and _CASE_ENDING.fullmatch(rest) is not None and end - start > _LONG_ALIAS

    def _run_together(
        self, flat: Squashed, tags: Sequence[tuple[int, int]], hits: Sequence[Hit], known: set[Hit]
    ) -> list[Hit]:
        """Names inside hashtags, and inside Korean and katakana words without gaps, where the whole can be cut."""
        spans = [span for tag in tags if (span := flat.squashed(*tag)) is not None]
        in_tag = bytearray(len(flat.text) + 1)
        for start, end in spans:
            in_tag[start:end] = b"\1" * (end - start)
        runs = {flat.run(hit[1]) for hit in hits if hit not in known and not in_tag[hit[1]]}
        unspaced = [run for run in sorted(runs) if flat.kinds[run] in (HANGUL, KATAKANA)][:MAX_SPANS]
        spans += [(flat.at[run], flat.run_end(run)) for run in unspaced]
        return [hit for span in spans for hit in _cut(flat, *span, hits) if hit not in known]


SUBJECT, ALONE, TITLE, TOPIC, NOTHING = "subject", "alone", "title", "topic", ""
"""What a spelling is good for: it tells whose a song belongs to, is enough by itself, needs help, gives help."""


def _worth_of(names: Sequence[Name], stands_alone: Callable[[Name], bool]) -> str:
    kinds = {name.kind for name in names}
    if not kinds.isdisjoint((Kind.DRAMA, Kind.ARTIST, Kind.CHARACTER, Kind.CAST)):
        return SUBJECT
    if any(name.kind is Kind.WORD and name.id == "ost" for name in names):
        return SUBJECT  # what stands beside it may be a song that we do not know yet
    topical = any(name.kind is Kind.WORD and name.id in ("ost", "drama", "music", "activity") for name in names)
    if Kind.TITLE in kinds:
        return ALONE if topical or any(map(stands_alone, names)) else TITLE
    return TOPIC if topical else NOTHING


def _cut(flat: Squashed, start: int, end: int, hits: Sequence[Hit]) -> list[Hit]:
    """The names of the cheapest cut of [start, end); `hits` ascend by their start."""
    first, last = bisect_left(hits, start, key=itemgetter(1)), bisect_left(hits, end, key=itemgetter(1))
    if end - start > MAX_RUN:
        return []
    names = {
        (hit[1], hit[2]): hit
        for hit in hits[first:last]
        if hit[2] <= end and (hit[2] - hit[1] > 2 or flat.kinds[flat.run(hit[1])] != LATIN or _at_edge(hit, start, end))
    }
    if not names:
        return []
    edges = [Edge(begin, stop) for begin, stop in names]
    stops = {stop for _, stop in names}
    edges += _particle_edges(flat.text, start, end, stops | {start} if _is_glued(flat, start) else stops)
    way = cheapest_cover(start, end, edges)
    return [names[edge.start, edge.end] for edge in way or () if (edge.start, edge.end) in names]


def _at_edge(hit: Hit, start: int, end: int) -> bool:
    """One or two Latin letters stand everywhere; as a name they stand first or last: '#sweetnightv'."""
    return hit[1] == start or hit[2] == end


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
            if word in _joints() or ((place > start or start in stops) and word in _particles()):
                edges.append(Edge(place, place + size, PARTICLE_COST))
                if place + size not in seen and place + size < end:
                    seen.add(place + size)
                    queue.append(place + size)
    return edges


def _longest_first(hits: Iterable[Hit], size: int) -> list[Hit]:
    """The hits that do not overlap a longer one; of two of one length the earlier."""
    taken = bytearray(size)
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[1] - hit[2], hit[1])):
        _, start, end = hit
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append(hit)
    return kept


def _is_tail(rest: str, size: int) -> bool:
    """Whether a Korean name of `size` syllables may be followed by this: a short ending, or a particle and more."""
    if size < _LONG_ALIAS:
        return False
    return len(rest) <= _FREE_TAIL or (size > _LONG_ALIAS and (rest[0] in _particles() or rest[:2] in _particles()))


@cache
def _particles() -> frozenset[str]:
    return frozenset(packaged("particles.toml")["particles"])


@cache
def _clitics() -> frozenset[str]:
    return frozenset(packaged("particles.toml")["clitics"])


@cache
def _joints() -> frozenset[str]:
    return frozenset(packaged("particles.toml")["joints"])


@cache
def _longest_joint() -> int:
    return max(map(len, _particles() | _joints()))
