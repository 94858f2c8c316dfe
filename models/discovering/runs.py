"""The titles outside the catalogue that a post names beside an OST word, a part number or a drama."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from models.discovering.found import Found
from models.discovering.hashtags import hashtag
from models.discovering.headings import headings
from models.discovering.lines import Line, lines
from models.discovering.quotations import quotations
from models.discovering.sentences import sentences
from models.discovering.words import bare, shown
from models.linking.sightings import Document

MOST_RUNS = 4
"""A post that names more titles is a list."""
LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words that may be a title; `key` is its squashed form, `shown` how this post writes it.

    `dramas` and `singers` are ids of the catalogue; `work` and `stranger` the names of an unknown drama and an unknown
    singer as written, '' for none; `also` a second spelling given in brackets; `part` like 'Part 3' or ''.
    """

    key: str
    shown: str
    dramas: tuple[str, ...] = ()
    ost: bool = False
    part: str = ""
    singers: tuple[str, ...] = ()
    stranger: str = ""
    work: str = ""
    also: str = ""

    @property
    def beside(self) -> tuple[str, ...]:
        """Beside what it stood: ids of dramas, 'ost', 'part 3'."""
        return (*self.dramas, *(["ost"] if self.ost else []), *([self.part.lower()] if self.part else []))


def runs(page: Document, known: Container[str] = ()) -> list[Run]:
    """At most MOST_RUNS candidate titles of a post, the surest first; [] at once for a post that speaks of no OST.

    `known` holds squashed names that are no news: `frozenset(lexicon.patterns)`. Any text is survivable.
    """
    found: dict[str, Run] = {}
    for run in _all_runs(page):
        if run.key not in known and not _is_part_of_another(run.key, found):
            found[run.key] = run
            if len(found) == MOST_RUNS:
                break
    return list(found.values())


def _is_part_of_another(key: str, found: Iterable[str]) -> bool:
    return any(key in other or other in key for other in found)


def _all_runs(page: Document) -> Iterator[Run]:
    read = [(line, quotations(line), headings(line)) for line in lines(page)]
    works = {bare(work): work for _, quoted, headed in read for work in (*quoted.works, *headed.works)}
    prose = []
    for line, quoted, headed in read:
        for one in quoted.titles or (() if quoted.settled else headed.titles):
            yield from _runs_of(line, one, works)
        if not (quoted.settled or headed.settled):
            prose.append(line)
    for line in prose:
        for one in sentences(line).titles:
            yield from _runs_of(line, one, works)
    if read and (tagged := hashtag(page)) is not None:
        yield from _runs_of(read[0][0], tagged, works)


def _runs_of(line: Line, found: Found, works: dict[str, str]) -> Iterator[Run]:
    """The run, and the second spelling of its title as another one."""
    written = shown(line.page, found.start, found.end)
    name = found.stranger if bare(found.stranger) not in works else ""
    spellings = [(written, found.also), (found.also, written)] if found.also else [(written, "")]
    for spelling, other in spellings:
        key = bare(spelling)
        if not 2 <= len(key) <= LONGEST_KEY or key in works or key.isdigit():
            continue
        work = "" if line.dramas else next(iter(works.values()), "")
        yield Run(key, spelling, line.dramas, line.ost, line.part, found.singers, name, work, other)
