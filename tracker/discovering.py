"""Which titles outside the catalogue have risen: word runs ranked by how many more people than usual write them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from models.catalogue import Catalogue
from models.discovering.crowd import MOST_PEOPLE
from models.discovering.entry import Sketch
from models.discovering.rising import Rise, rise, window_start
from models.korean_time import day_label, day_of, moment
from models.linking.lexicon import Lexicon
from models.text import squashed
from tracker.store import get_meta
from tracker.store_runs import Counts, RunHistory, days_watched, histories, newest_day

DOMINANT = 0.5
"""A drama or a singer is taken for that of a title when it stands beside it in so large a share of its posts."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A title that the catalogue does not know, with what it stood beside in the window, and how it rose."""

    run: str
    counts: Counts
    rise: Rise

    @property
    def title(self) -> str:
        """The most common spelling."""
        return self.counts.most("shown")

    @property
    def people(self) -> str:
        """About how many people, as a person would say it."""
        return f"{MOST_PEOPLE}+" if self.rise.people >= MOST_PEOPLE - 1 else str(round(self.rise.people))

    def beside(self) -> dict[str, int]:
        """Beside what it stood, and in how many posts: ids of dramas, 'ost', parts, works without an entry."""
        kinds = ("dramas", "works", "ost", "parts")
        return {name.lower() if kind == "parts" else name: posts
                for kind in kinds for name, posts in self.counts.beside[kind].most_common()}  # fmt: skip

    def sketch(self, catalogue: Catalogue) -> Sketch:
        """What is known well enough to stand in an entry of `catalogue`."""
        drama = self._dominant("dramas", catalogue.dramas)
        singer = self._dominant("singers", catalogue.artists)
        return Sketch(
            title=self.title,
            first_day=self.rise.first_day,
            other=self.counts.most("also"),
            drama=drama,
            work="" if drama else self.counts.most("works"),
            artists=(singer,) if singer else (),
            stranger="" if singer else self.counts.most("strangers"),
            part=self.counts.most("parts"),
        )

    def _dominant(self, kind: str, known: Container[str]) -> str:
        name = self.counts.most(kind)
        return name if name in known and self.counts.beside[kind][name] >= DOMINANT * self.counts.posts else ""


def until_day(db: Database) -> str | None:
    """The Korean day that ended last, or goes on, at the end of the last scored hour; else the newest with runs."""
    scored_until = get_meta(db, "scored_until")
    if scored_until is None:
        return newest_day(db)
    return day_label(day_of(moment(scored_until) - timedelta(seconds=1)))


def proposals(db: Database, catalogue: Catalogue, *, until: str, days: int, least: int) -> list[Proposal]:
    """The titles that at least `least` people wrote in the `days` up to `until`, and more than usual; most risen first.

    What the catalogue has come to know since it was counted is left out, and so is the second spelling of a title that
    is in the list.
    """
    known = frozenset(Lexicon(catalogue).patterns)
    last = date.fromisoformat(until)
    watched = days_watched(db, last=until)
    found = []
    for history in histories(db, first=window_start(last, days).isoformat(), last=until):
        risen = _risen(history, watched, last, days)
        if history.run not in known and round(risen.people) >= least and (risen.ratio is None or risen.ratio > 1):
            found.append(Proposal(history.run, history.window, risen))
    found.sort(key=lambda one: (-one.rise.sure_log2, -one.rise.posts, one.run))
    return _without_second_spellings(found)


def _risen(history: RunHistory, watched: list[str], last: date, days: int) -> Rise:
    return rise(history.days, watched, until=last, days=days)


def _without_second_spellings(found: list[Proposal]) -> list[Proposal]:
    kept: list[Proposal] = []
    others: set[str] = set()
    for one in found:
        if one.run not in others:
            kept.append(one)
            others |= {squashed(name) for name in one.counts.beside["also"]}
    return kept
