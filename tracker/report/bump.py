"""The bump chart: the ranks of this week's first ten over twelve weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from markupsafe import Markup

from tracker.report.facts import Facts, SongWeek
from tracker.report.plain_text import plain
from tracker.report.svg import figure, line, rect, text
from tracker.report.week import BUMP_WEEKS
from tracker.report.wording import movement

SHOWN = 10
DEEPEST = 15
WIDTH, LEFT, RIGHT, ROW, HEAD = 980, 34, 300, 25, 34

COLOURS = {"climb": "up", "surge": "up", "debut": "new", "re-entry": "new", "slip": "down"}


def bump_chart(facts: Facts) -> Markup | None:
    """The chart, or None before the record has two weeks."""
    weeks = [label for label in facts.week.labels(BUMP_WEEKS) if label >= facts.first_week]
    songs = facts.chart[:SHOWN]
    if len(weeks) < 2 or not songs:
        return None
    step = (WIDTH - LEFT - RIGHT) / (len(weeks) - 1)
    across = {label: LEFT + step * n for n, label in enumerate(weeks)}
    deepest = _deepest(rank for one in songs for label in weeks if (rank := facts.ranks[one.song.id].get(label)))
    body = [*_frame(facts, across, step, deepest)]
    for one in reversed(songs):
        body += _line(one, facts.ranks[one.song.id], across)
    leader = songs[0]
    return figure(
        body,
        id="bump",
        title=f"Ranks of the first ten songs, {weeks[0]} to {weeks[-1]}",
        desc=f"{plain(leader.song.title)} {movement(leader).phrase}. A line breaks where a song was below "
        f"{DEEPEST} or not ranked. The table below holds every figure.",
        width=WIDTH,
        height=HEAD + deepest * ROW + 10,
        kind="bump",
    )


def _deepest(ranks: Iterable[int]) -> int:
    return max(SHOWN, *(rank for rank in ranks if rank <= DEEPEST))


def _down(rank: int) -> float:
    return HEAD + (rank - 0.5) * ROW


def _frame(facts: Facts, across: Mapping[str, float], step: float, deepest: int) -> Iterator[Markup]:
    for label, x in across.items():
        if facts.lacks(label):
            yield rect(x - step / 2, HEAD - 4, step, deepest * ROW + 8, kind="gap", tip=f"{label}: source gap")
        yield line(x, HEAD - 4, x, HEAD + deepest * ROW + 4, kind="grid")
        yield text(x, HEAD - 14, label[5:], kind="tick", anchor="middle")
    for rank in (1, 5, 10, 15):
        if rank <= deepest:
            yield text(LEFT - 14, _down(rank) + 4, str(rank), kind="tick", anchor="end")


def _line(one: SongWeek, ranks: Mapping[str, int], across: Mapping[str, float]) -> list[Markup]:
    colour = COLOURS.get(movement(one).kind, "flat")
    points = [
        (x, _down(ranks[label]) if ranks.get(label, DEEPEST + 1) <= DEEPEST else None) for label, x in across.items()
    ]
    body = []
    for (x1, y1), (x2, y2) in pairwise(points):
        if y1 is not None and y2 is not None:
            half = (x1 + x2) / 2
            path = f"M{x1:.1f},{y1:.1f}C{half:.1f},{y1:.1f} {half:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
            body.append(Markup('<path d="{}" class="rank {}"/>').format(path, colour))
    for x, y in points[:-1]:
        if y is not None:
            body.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" class="dot {}"/>').format(x, y, colour))
    return [*body, *_label(one, points[-1][0], colour)]


def _label(one: SongWeek, x: float, colour: str) -> list[Markup]:
    y = _down(one.rank or DEEPEST)
    name = Markup('<tspan class="name">{}</tspan> <tspan class="sign {}">{}</tspan>').format(
        plain(one.song.title, 30), colour, movement(one).sign
    )
    return [
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="10" class="dot {}"/>').format(x, y, colour),
        text(x, y + 4, str(one.rank), kind="place", anchor="middle"),
        text(x + 18, y + 4, name, kind="label"),
    ]
