"""Small multiples: posts and authors a day over eight weeks, with a tick for every event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.report.facts import ENOUGH_COVERAGE, DayCount, Facts, Near, SongWeek
from tracker.report.plain_text import plain
from tracker.report.svg import figure, line, rect, text
from tracker.report.week import short_date
from tracker.report.wording import count

SHOWN = 6
WIDTH, HEIGHT, TOP, BOTTOM = 320, 128, 22, 18
FLOOR = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Timeline:
    """A song, its drawing, its days (for the table under the drawing) and its events."""

    one: SongWeek
    svg: Markup
    days: tuple[DayCount, ...]
    events: tuple[Near, ...]


def timelines(facts: Facts) -> tuple[Timeline, ...]:
    """One for each of the first six songs that has daily rows."""
    return tuple(
        _timeline(one, facts.days[one.song.id], facts.events.get(one.song.id, ()), facts.week.days[0])
        for one in facts.chart[:SHOWN]
        if facts.days.get(one.song.id)
    )


def _timeline(one: SongWeek, days: tuple[DayCount, ...], events: tuple[Near, ...], monday: str) -> Timeline:
    first, last = days[0].day, days[-1].day
    inside = tuple(event for event in events if first <= event.date <= last)
    peak = max(days, key=lambda day: day.posts)
    told = "; ".join(f"{short_date(e.date)} {e.kind.replace('_', ' ')}" for e in inside) or "none on record"
    svg = figure(
        _drawing(days, inside, monday),
        id=f"days-{one.song.id}",
        title=f"{plain(one.song.title)}: posts and authors a day",
        desc=f"{short_date(first)} to {short_date(last)}; most on {short_date(peak.day)} with "
        f"{count(peak.posts, 'post')}. Events: {told}. The table below holds every figure.",
        width=WIDTH,
        height=HEIGHT,
        kind="days",
    )
    return Timeline(one, svg, days, inside)


def _drawing(days: Sequence[DayCount], events: Sequence[Near], monday: str) -> Iterator[Markup]:
    step = WIDTH / len(days)
    tallest = max(1, *(day.posts for day in days))
    scale = (FLOOR - TOP) / tallest
    places = {day.day: n * step for n, day in enumerate(days)}
    if monday in places:
        yield rect(places[monday], TOP - 4, WIDTH - places[monday], FLOOR - TOP + 4, kind="now")
    for day in days:
        x = places[day.day]
        if day.coverage < ENOUGH_COVERAGE:
            yield rect(x, TOP - 4, step, FLOOR - TOP + 4, kind="gap", tip=f"{short_date(day.day)}: source gap")
        tip = f"{short_date(day.day)}: {count(day.posts, 'post')}, {count(day.authors, 'author')}"
        yield rect(x + step * 0.12, FLOOR - day.posts * scale, step * 0.76, day.posts * scale, kind="posts", tip=tip)
    steps = " ".join(f"{places[d.day] + step / 2:.1f},{FLOOR - d.authors * scale:.1f}" for d in days)
    yield Markup('<polyline points="{}" class="authors"/>').format(steps)
    yield line(0, FLOOR, WIDTH, FLOOR, kind="axis")
    for event in events:
        if event.date in places:
            yield _tick(places[event.date] + step / 2, event)
    yield text(0, HEIGHT - 4, short_date(days[0].day), kind="tick")
    yield text(WIDTH, HEIGHT - 4, short_date(days[-1].day), kind="tick", anchor="end")
    yield text(0, 12, f"max {tallest} a day", kind="tick")


def _tick(x: float, event: Near) -> Markup:
    tip = f"{short_date(event.date)} {event.kind.replace('_', ' ')}: {plain(event.note, 90)}"
    return Markup(
        '<g class="event"><title>{}</title><line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{floor}"/>'
        '<path d="M{x:.1f},{tip:.1f}l-4,-7h8z"/></g>'
    ).format(tip, x=x, top=TOP - 6, floor=FLOOR, tip=TOP - 4)
