"""Which rows stand in which section: pure choices from the facts, each with its rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.report.facts import Facts, SongWeek
from tracker.report.wording import movement, years_since

LISTED = 5
FEWEST_TO_RISE = 4
RISING = ("rising", "viral", "peaking", "resurging")
FIRST_PLACES = 10
FEWEST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Show:
    """A drama's week, summed over its songs' score rows (a post that names two of them counts twice)."""

    drama: str
    hangul: str | None
    network: str | None
    posts: int
    last_posts: int | None
    songs: tuple[SongWeek, ...]


def climbers(facts: Facts, top: int) -> tuple[SongWeek, ...]:
    """Largest climbs to a place in the first `top` by songs above their usual week, with people behind them.

    Left out are songs released this week or last: they had no full week to rise from.
    """
    up = [one for one in facts.chart[:top] if movement(one).kind in ("climb", "surge") and is_borne_out(one)]
    full = [one for one in up if one.growth_log2 > 0 and not _just_out(one, facts)]
    return tuple(sorted(full, key=lambda one: (-movement(one).places, one.rank)))[:LISTED]


def is_borne_out(one: SongWeek) -> bool:
    """Whether enough people posted to speak of a rise: one post can climb twenty places at the foot of the list."""
    return one.authors >= FEWEST_TO_RISE


def fallers(facts: Facts, top: int) -> tuple[SongWeek, ...]:
    """Largest slips from last week's first `top` that had as many posts then; songs that left before all others."""
    down = [
        one
        for one in facts.songs
        if one.last_rank is not None
        and one.last_rank <= top
        and (one.last_posts or 0) >= FEWEST_TO_RISE
        and movement(one).kind in ("slip", "leave")
    ]
    return tuple(sorted(down, key=lambda one: (one.rank is not None, -movement(one).places, one.last_rank)))[:LISTED]


def _just_out(one: SongWeek, facts: Facts) -> bool:
    return (one.song.released or "") >= facts.week.before.days[0]


def debuts(facts: Facts) -> tuple[SongWeek, ...]:
    """Songs never ranked before, highest first; none in the first week stored, in which every song is new."""
    return () if facts.is_first else tuple(one for one in facts.chart if movement(one).kind == "debut")


def re_entries(facts: Facts) -> tuple[SongWeek, ...]:
    """Songs ranked before, though not last week."""
    return tuple(one for one in facts.chart if movement(one).kind == "re-entry")


def returns(facts: Facts) -> tuple[SongWeek, ...]:
    """역주행: out for a year or more, at least twice its usual week, its best score of up to 26 weeks."""
    until = date.fromisoformat(facts.week.days[-1])
    return tuple(
        one
        for one in facts.chart
        if (years_since(one.song.released, until) or 0) >= 1
        and one.growth_log2 >= 1
        and one.weeks_stored > FEWEST_WEEKS
        and not one.has_gap
        and is_borne_out(one)
        and one.score > (one.best_before or 0)
    )


def everywhere(facts: Facts) -> tuple[SongWeek, ...]:
    """Rising, and the people beyond those expected spread like three equal platforms or more (view two_lists)."""
    return _listed(facts, "everywhere")


def one_place(facts: Facts) -> tuple[SongWeek, ...]:
    """Rising, and the people beyond those expected spread like less than two equal platforms (view two_lists)."""
    return _listed(facts, "one place, fast")


def _listed(facts: Facts, name: str) -> tuple[SongWeek, ...]:
    by_id = {one.song.id: one for one in facts.chart}
    return tuple(by_id[song] for song in facts.lists.get(name, ()) if song in by_id)[:LISTED]


def leaders_by_tag(facts: Facts, tag: str) -> tuple[SongWeek, ...]:
    """The songs with most posts of a tag."""
    tagged = [one for one in facts.chart if one.tags.get(tag)]
    return tuple(sorted(tagged, key=lambda one: (-one.tags[tag], one.rank)))[:LISTED]


def shows(facts: Facts) -> tuple[Show, ...]:
    """Dramas by posts of their ranked songs; last week's sum is None across a source gap."""
    by_drama: dict[str, list[SongWeek]] = {}
    for one in facts.songs:
        by_drama.setdefault(one.song.drama_id, []).append(one)
    found = [_show(songs) for songs in by_drama.values() if any(one.rank is not None for one in songs)]
    return tuple(sorted(found, key=lambda show: (-show.posts, show.drama)))[:10]


def _show(songs: list[SongWeek]) -> Show:
    first = songs[0].song
    comparable = not any(one.has_gap for one in songs)
    return Show(
        drama=first.drama,
        hangul=first.drama_hangul,
        network=first.network,
        posts=sum(one.posts for one in songs),
        last_posts=sum(one.last_posts or 0 for one in songs) if comparable else None,
        songs=tuple(one for one in songs if one.rank is not None),
    )


def early_signals(facts: Facts) -> tuple[SongWeek, ...]:
    """Songs below the first ten that rise: an alert this week that still stands, or a rising state."""
    alerted = {alert.song.id for alert in facts.alerts if alert.withdrawn_at is None}
    low = [
        one
        for one in facts.chart[FIRST_PLACES:]
        if (one.state in RISING or one.song.id in alerted) and not one.has_gap and is_borne_out(one)
    ]
    return tuple(sorted(low, key=lambda one: (one.song.id not in alerted, -one.growth_log2, one.rank)))[:LISTED]


def unchanged(facts: Facts) -> tuple[SongWeek, ...]:
    """Songs that hold their place."""
    return tuple(one for one in facts.chart if movement(one).kind == "hold")
