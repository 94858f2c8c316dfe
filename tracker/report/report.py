"""The whole report as values: facts, the rows of each section, the notes and the queries behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from sqlite_utils import Database

from tracker.report import sections
from tracker.report.examples import SHOWN_TAGS
from tracker.report.facts import ENOUGH_COVERAGE, Example, Facts, SongWeek
from tracker.report.openings import Opening, openings
from tracker.report.plain_text import plain
from tracker.report.queries import QUERIES, spelled
from tracker.report.reading import read_facts
from tracker.report.sections import Show
from tracker.report.week import ReportWeek
from tracker.report.wording import count, dated_hour, flood_words, percent, platform_name


@dataclass(frozen=True, slots=True)
class TagSection:
    """One tag: the songs with most posts of it and the posts chosen by rule."""

    tag: str
    posts: int
    leaders: tuple[SongWeek, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the four formats print. `rows` is the main table: the first `top` of `facts.chart`."""

    facts: Facts
    top: int
    demo: bool
    openings: tuple[Opening, ...]
    rows: tuple[SongWeek, ...]
    climbers: tuple[SongWeek, ...]
    fallers: tuple[SongWeek, ...]
    debuts: tuple[SongWeek, ...]
    re_entries: tuple[SongWeek, ...]
    returns: tuple[SongWeek, ...]
    everywhere: tuple[SongWeek, ...]
    one_place: tuple[SongWeek, ...]
    by_tag: tuple[TagSection, ...]
    shows: tuple[Show, ...]
    early: tuple[SongWeek, ...]
    unchanged: tuple[SongWeek, ...]
    notes: tuple[str, ...]
    peer: str
    queries: Mapping[str, str]

    @property
    def week(self) -> ReportWeek:
        """The week reported."""
        return self.facts.week


def make_report(db: Database, week: ReportWeek, *, top: int, demo: bool) -> Report:
    """Read `week` and choose what stands in each section."""
    facts = read_facts(db, week)
    return Report(
        facts=facts,
        top=top,
        demo=demo,
        openings=openings(facts, top),
        rows=facts.chart[:top],
        climbers=sections.climbers(facts, top),
        fallers=sections.fallers(facts, top),
        debuts=sections.debuts(facts),
        re_entries=sections.re_entries(facts),
        returns=sections.returns(facts),
        everywhere=sections.everywhere(facts),
        one_place=sections.one_place(facts),
        by_tag=tuple(_tag_section(facts, tag) for tag in SHOWN_TAGS),
        shows=sections.shows(facts),
        early=sections.early_signals(facts),
        unchanged=sections.unchanged(facts),
        notes=_notes(facts),
        peer=_peer(facts),
        queries={name: spelled(name, week) for name in QUERIES},
    )


def _tag_section(facts: Facts, tag: str) -> TagSection:
    return TagSection(
        tag=tag,
        posts=sum(one.tags.get(tag, 0) for one in facts.chart),
        leaders=sections.leaders_by_tag(facts, tag),
        examples=tuple(example for example in facts.examples if example.tag == tag),
    )


def _peer(facts: Facts) -> str:
    if not facts.chart:
        return ""
    posts = median(one.posts for one in facts.chart)
    authors = median(one.authors for one in facts.chart)
    times = median(one.times_usual for one in facts.chart)
    return (
        f"For scale: the median of the {count(len(facts.chart), 'ranked song')} had {posts:g} post{_s(posts)} by "
        f"{authors:g} author{_s(authors)}, {times:.1f}× its usual week."
    )


def _s(number: float) -> str:
    return "" if number == 1 else "s"


def _notes(facts: Facts) -> tuple[str, ...]:
    return (*_gaps(facts), *_failures(facts), *_corrections(facts), *_versions(facts), *_floods(facts), *_odds(facts))


def _gaps(facts: Facts) -> list[str]:
    notes = [
        f"{platform_name(one.platform)}: {one.days_covered:.1f} of 7 days covered."
        for one in facts.platforms
        if one.days_covered < 6.95
    ]
    hidden = sum(one.has_gap for one in facts.songs)
    if hidden:
        notes.append(
            f"Movement is n/a (source gap) for {count(hidden, 'song')}: less than {percent(ENOUGH_COVERAGE)} of what "
            "the song needs was collected this week or last."
        )
    return notes


def _failures(facts: Facts) -> list[str]:
    return [f"{one.source}: {one.failed} of {count(one.runs, 'run')} failed." for one in facts.sources if one.failed]


def _corrections(facts: Facts) -> list[str]:
    notes = []
    for one in facts.corrections:
        reason = f" ({plain(one.reason, 120)})" if one.reason else ""
        rows = "" if one.rows_changed is None else f"; {count(one.rows_changed, 'row')} of all periods changed"
        again = f"scores from {dated_hour(one.since)} were computed again{reason}{rows}."
        notes.append(f"Corrected on {dated_hour(one.made_at)}: {again}")
    return notes


def _versions(facts: Facts) -> list[str]:
    now, last = facts.versions.get(facts.week.label, ()), facts.versions.get(facts.week.before.label, ())
    notes = []
    if len(now) > 1:
        notes.append(f"Correction: the scores of this week were made by several versions ({', '.join(now)}).")
    if now and last and now != last:
        notes.append(f"The score version changed from {', '.join(last)} to {', '.join(now)}: compare with care.")
    return notes


def _floods(facts: Facts) -> list[str]:
    return [f"“{plain(one.song.title, 60)}”: {flood_words(one)}." for one in facts.songs if one.flood]


def _odds(facts: Facts) -> list[str]:
    silent = facts.tracked - len(facts.chart)
    notes = [f"{count(silent, 'tracked song')} had no rank this week."] if silent else []
    if facts.human_tags:
        notes.append(f"{count(facts.human_tags, 'post')} of this week carry a tag given by a person, which wins.")
    return notes
