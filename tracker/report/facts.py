"""One week as it stands in the database: values only, raw texts, nothing worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.flood import Sign
from tracker.report.week import ReportWeek

ENOUGH_COVERAGE = 0.75
"""Below this share of the planned collection, in this week or the last, no movement is claimed."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song of the catalogue; `released` may be a year, a month or a day.

    `subjects` are the ids that an event of the song may name: its own, its drama's, its singers'.
    """

    id: str
    title: str
    hangul: str | None
    artists: str
    drama: str
    drama_id: str
    drama_hangul: str | None
    network: str | None
    released: str | None
    tracked_since: str | None
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """An event of the song, its drama or a singer, `days` before the moment it is set beside."""

    date: str
    kind: str
    note: str
    days: int


@dataclass(frozen=True, slots=True)
class SongWeek:
    """A song's week: its stored score row, its history before, and counts of the posts still held.

    `rank` is None for a song that was ranked last week and is not now. `best_before` is the highest score
    of the 26 stored weeks before. `platforms` counts authors, `tags` and `languages` count posts; each is
    largest first. `of_five` is the share of posts by the five busiest accounts, `distinct_posts` counts copies of one
    text once; both are None where no post is held. `flood` holds the signs that few hands made many posts. `too_new`:
    tracked for less than 21 days when the week closed, so that its growth is no more than a guess.
    """

    song: Song
    rank: int | None
    last_rank: int | None
    peak: int
    peak_week: str
    weeks: int
    score: float
    surge: float
    growth: float
    breadth: float
    engagement: float
    growth_log2: float
    posts: int
    last_posts: int | None
    authors: int
    coverage: float
    last_coverage: float | None
    state: str
    confidence: float
    too_new: bool
    weeks_stored: int
    best_before: float | None
    tags: Mapping[str, int]
    languages: Mapping[str, int]
    platforms: Mapping[str, int]
    of_five: float | None
    distinct_posts: int | None
    flood: tuple[Sign, ...]
    near: tuple[Near, ...]

    @property
    def has_gap(self) -> bool:
        """Whether too little was collected, this week or last, to speak of movement."""
        return min(self.coverage, 1.0 if self.last_coverage is None else self.last_coverage) < ENOUGH_COVERAGE

    @property
    def times_usual(self) -> float:
        """This week as a multiple of the song's own quiet week."""
        return float(2**self.growth_log2)


@dataclass(frozen=True, slots=True)
class PlatformWeek:
    """What was collected of a platform: the share of each of seven days, and the posts that named a song."""

    platform: str
    days: tuple[float, ...]
    posts: int
    authors: int

    @property
    def days_covered(self) -> float:
        """Of 7."""
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class SourceWeek:
    """The runs of a source that began in the week; `read` counts posts with or without a song."""

    source: str
    runs: int
    failed: int
    read: int
    linked: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert raised in the week, as it stood when the week closed."""

    song: Song
    raised_at: str
    confirmed_at: str | None
    withdrawn_at: str | None
    score: float
    origin: str | None
    sentence: str
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A deliberate `score --again` that replaced the week's rows; `since` is the moment from which rows were replaced.

    `rows_changed` is None where the run was not finished.
    """

    made_at: str
    since: str
    reason: str
    rows_changed: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """A post shown as an example; `rule` says why this one. Text is as collected, cut to 300 characters.

    `songs` maps the ids of the songs it surely names to their titles. `copies` are the other posts of the week that
    say the same and are not shown.
    """

    tag: str
    rule: str
    key: str
    platform: str
    language: str | None
    published_at: str
    url: str | None
    text: str
    views: int | None
    copies: int
    songs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LanguageWeek:
    """Posts of one language this week and last; `language` is None where it was not recognised."""

    language: str | None
    posts: int
    last_week: int


@dataclass(frozen=True, slots=True)
class FirstCover:
    """A song's first covers that we saw in a language."""

    song: Song
    language: str
    first_at: str
    posts: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """Posts and authors of a song on one Korean day."""

    day: str
    posts: int
    authors: int
    coverage: float


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report says, in the order of the chart.

    `songs` are those ranked this week, then those ranked only last week. `ranks` holds, per song, its rank
    by week label; `days` its daily counts; `events` those of the weeks shown. By week label: `versions` of
    the score, and `coverage`, the mean over all songs. `lists` holds the song ids of the lists "everywhere" and "one
    place, fast", in order.
    """

    week: ReportWeek
    first_week: str
    tracked: int
    songs: tuple[SongWeek, ...]
    ranks: Mapping[str, Mapping[str, int]]
    days: Mapping[str, tuple[DayCount, ...]]
    events: Mapping[str, tuple[Near, ...]]
    platforms: tuple[PlatformWeek, ...]
    sources: tuple[SourceWeek, ...]
    alerts: tuple[Alert, ...]
    lists: Mapping[str, tuple[str, ...]]
    corrections: tuple[Correction, ...]
    examples: tuple[Example, ...]
    languages: tuple[LanguageWeek, ...]
    first_covers: tuple[FirstCover, ...]
    versions: Mapping[str, tuple[str, ...]]
    coverage: Mapping[str, float]
    human_tags: int

    @property
    def chart(self) -> tuple[SongWeek, ...]:
        """The ranked songs, best first."""
        return tuple(song for song in self.songs if song.rank is not None)

    def lacks(self, label: str) -> bool:
        """Whether too little was collected in a week of the record to compare it."""
        return self.coverage.get(label, 1.0) < ENOUGH_COVERAGE

    @property
    def is_first(self) -> bool:
        """Whether no earlier week is stored, so that everything in it is new."""
        return self.first_week == self.week.label

    @property
    def has_gap(self) -> bool:
        """Whether totals of this and last week must not be compared."""
        return any(self.lacks(week.label) for week in (self.week, self.week.before))
