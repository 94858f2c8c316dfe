"""What a post names: every spelling of the lexicon that stands in it on its own, longest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from models.linking.boundaries import standing
from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.run_together import MAX_SPANS, run_together
from models.linking.sightings import TAG, Document, Sighting, document
from models.linking.slips import SlipFinder
from models.post import Post
from models.scanning import Hit
from models.text import Squashed, squash

MAX_SIGHTINGS = 400
"""Of a post that names more than this (a pasted catalogue) the rest is not looked at."""

SUBJECT, ALONE, TITLE, TOPIC, NOTHING = 1, 2, 4, 8, 16
"""What a spelling is good for: it tells whose a song belongs to, is enough by itself, needs help, gives help."""

_SUBJECTS = frozenset((Kind.DRAMA, Kind.ARTIST, Kind.CHARACTER, Kind.CAST))
_TOPICS = frozenset(("ost", "drama", "music", "activity"))


class Reader:
    """Finds the names in posts."""

    def __init__(self, lexicon: Lexicon, stands_alone: Callable[[Sequence[Name]], bool]) -> None:
        """`stands_alone` says of the meanings of a spelling whether a post that holds nothing else can mean one."""
        self._meanings = lexicon.meanings
        self._scanner = lexicon.scanner
        self._stands_alone = stands_alone
        self._worths = bytearray(len(lexicon.meanings))
        self._slips = SlipFinder(lexicon)

    def slips(self, page: Document, subjects: Iterable[str]) -> list[Hit]:
        """Where a title with a slip in it stands on its own, among the songs of the dramas and singers `subjects`."""
        flat = page.flat
        if flat is None:
            return []
        return standing(flat, self._slips.find(flat.text, subjects), self._is_free)

    def read(self, post: Post, *, slips: Sequence[Hit] = (), heard: bool = False) -> Document:
        """The post's document with its sightings, in the order of the text; none where nothing can come of them.

        `slips` are taken for sightings as well. Of a post in which a known song is `heard` all names are told.
        """
        page = document(post)
        page.flat = flat = squash(page.folded)
        hits = self._scanner.find(flat.text)
        kept = [*standing(flat, hits, self._is_free), *slips]
        if "#" in page.folded:
            page.tags = [found.span(1) for found in TAG.finditer(page.folded)][:MAX_SPANS]
        if page.tags or (len(kept) < len(hits) and flat.runs_together):
            kept += run_together(flat, page.tags, hits, kept)
        if heard or self._worthwhile(kept):
            page.sightings = self._sightings(page, flat, _longest_first(kept, len(flat.text))[:MAX_SIGHTINGS])
        return page

    def _is_free(self, number: int) -> bool:
        return any(name.free for name in self._meanings[number])

    def _sightings(self, page: Document, flat: Squashed, hits: Iterable[Hit]) -> list[Sighting]:
        found = []
        for number, start, end in sorted(hits, key=itemgetter(1)):
            begin, stop = flat.folded(start, end)
            tag = page.tag_at(begin) if page.tags else -1
            found.append(Sighting(self._meanings[number], begin, stop, tag, number))
        return found

    def _worthwhile(self, hits: Iterable[Hit]) -> bool:
        """Whether something can come of these: a drama, a singer, a title beside a word, one that stands alone."""
        worths, told = self._worths, 0
        for number, _, _ in hits:
            told |= worths[number] or self._worth(number)
        return bool(told & (SUBJECT | ALONE)) or told & (TITLE | TOPIC) == TITLE | TOPIC

    def _worth(self, number: int) -> int:
        self._worths[number] = worth = _worth_of(self._meanings[number], self._stands_alone)
        return worth


def _worth_of(names: Sequence[Name], stands_alone: Callable[[Sequence[Name]], bool]) -> int:
    kinds = {name.kind for name in names}
    words = {name.id for name in names if name.kind is Kind.WORD}
    if "ost" in words or not kinds.isdisjoint(_SUBJECTS):
        return SUBJECT  # what stands beside "OST" may be a song that we do not know yet
    topical = not words.isdisjoint(_TOPICS)
    if Kind.TITLE in kinds:
        return ALONE if topical else TITLE | (ALONE if stands_alone(names) else 0)
    return TOPIC if topical else NOTHING


def _longest_first(hits: Iterable[Hit], size: int) -> list[Hit]:
    """The hits that do not overlap a longer one; of two of one length the earlier."""
    taken = bytearray(size)
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1])):
        _, start, end = hit
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append(hit)
    return kept
