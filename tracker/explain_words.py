"""The sentences of `ostpulse explain`: each part in words, and below it the arithmetic, to be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from models.korean_time import KST, moment
from models.trends import origin as origins
from models.trends.breadth import FULL_SPREAD, KIND_POINTS, NEW_POINTS, PLATFORM_POINTS
from models.trends.engagement import FULL_MARKS
from models.trends.level import ONE_A_DAY
from models.trends.scores import (
    BREADTH_POINTS,
    DOUBT,
    ENGAGEMENT_POINTS,
    FULL_GROWTH,
    FULL_SURPRISE,
    GROWTH_POINTS,
    PARTS,
    SURGE_POINTS,
)
from models.trends.sentence import expected_people, people_in, plain
from models.trends.surprise import EVIDENCE, WINDOWS

Found = Mapping[str, Any]

TOO_NEW = "Too new to compare: tracked for less than 21 days."


def all_lines(found: Found) -> list[str]:
    """Everything that `tracker.explain.explain_parts` found, as lines."""
    lines = [_title(found), _standing(found), *_crowd(found)]
    if found["too_new"]:
        lines.append(TOO_NEW)
    if _anybody(found):
        lines += ["", *_surge(found), *_growth(found), *_breadth(found), *_engagement(found), *_sum(found)]
    return lines + _week(found) + [line for alert in found["alerts"] for line in _alert(alert)]


def _title(found: Found) -> str:
    hangul = f" ({found['hangul']})" if found["hangul"] else ""
    return f"{found['title']}{hangul}, {found['drama']}"


def _standing(found: Found) -> str:
    rank = f", number {found['rank']} of the hour" if found["rank"] else ""
    line = f"{when(found['end'])}: {found['score']:g} of 100, {found['state']}{rank}."
    if not _anybody(found):
        return f"{line} Nobody was seen posting about it in the three days before."
    line += f" {found['coverage']:.0%} of what should have been collected in 24 h was."
    return line


def _anybody(found: Found) -> bool:
    return "people" in (found["parts"] or {})


def _crowd(found: Found) -> list[str]:
    seen = found["seen"]
    if seen is None:
        return []
    counted = f"{_counted(seen['posts'], 'post')}, {seen['distinct_posts']:,} distinct"
    return [f"Seen in {WINDOWS[-1]} h: {counted}, by {_counted(seen['authors'], 'author')}.", *_flood(seen)]


def _flood(seen: Found) -> list[str]:
    return [f"    Sign of a flood: {sign['sentence']}" for sign in seen["signs"]]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _surge(found: Found) -> Iterator[str]:
    parts = found["parts"]
    surprise = parts["surprise"]
    seen = "; ".join(
        f"{people_in(parts, window)} ({_chance(surprise[window])})" for window in reversed(range(len(WINDOWS)))
    )
    mean = sum(surprise) / len(surprise)
    yield f"Surge {found['surge']:g} of {SURGE_POINTS:g}: {seen}."
    yield (
        f"    Mean surprise ({' + '.join(f'{one:.2f}' for one in surprise)}) / 3 = {mean:.3f};"
        f" {SURGE_POINTS:g} x {min(mean, FULL_SURPRISE):.3f}/{FULL_SURPRISE:g} x confidence {found['confidence']:.4f}"
        f" = {found['surge']:g}."
    )
    yield (
        f"    Confidence: {parts['weighted'][2]:.1f} weighted people in 72 h, {parts['weighted'][2]:.1f}"
        f" / ({parts['weighted'][2]:.1f} + {DOUBT:g}) = {found['confidence']:.4f}."
    )
    last = len(WINDOWS) - 1
    yield (
        f"    Expected: {parts['expected'][last]:.2f} weighted people in 72 h, / {parts['per_head']:.2f} that a person"
        f" usually weighs = {plain(expected_people(parts, last))} people."
    )
    if max(parts["weighted"]) < EVIDENCE:
        yield f"    Fewer than {EVIDENCE:g} weighted people: no window may count for more than 1."


def _chance(surprise: float) -> str:
    if surprise < 0.3:
        return "as usual"
    once = 10**surprise
    if once >= 1e6:
        return "by chance less than once in a million"
    digits = 10 ** max(math.floor(surprise) - 1, 0)
    return f"by chance once in {round(once / digits) * digits:,}"


def _growth(found: Found) -> Iterator[str]:
    parts, growth = found["parts"], found["growth_log2"]
    usual = "a busy song's quiet week, for want of one of its own," if "borrowed" in parts else "its quiet week"
    history = f" x {parts['history']:.2f} of the history needed" if "history" in parts else ""
    counted = min(max(growth, 0), FULL_GROWTH)
    yield (
        f"Growth {found['growth']:g} of {GROWTH_POINTS:g}: {plain(parts['week'])} weighted people in 7 days, {usual}"
        f" has {plain(parts['quiet'])}: {2**growth:.1f} times."
    )
    yield (
        f"    log2(({parts['week']:.1f} + {ONE_A_DAY:g}) / ({parts['quiet']:.1f} + {ONE_A_DAY:g})){history}"
        f" = {growth:.3f}; {GROWTH_POINTS:g} x {counted:.3f}/{FULL_GROWTH:g} x {found['confidence']:.4f}"
        f" = {found['growth']:g}."
    )


def _breadth(found: Found) -> Iterator[str]:
    spread = found["parts"].get("spread")
    if spread is None:
        yield f"Breadth 0 of {BREADTH_POINTS:g}: nobody beyond those expected."
        return
    platforms, kinds, new, beyond = spread
    yield (
        f"Breadth {found['breadth']:g} of {BREADTH_POINTS:g}: {beyond:.0%} of the people are beyond those expected;"
        f" they spread like {platforms:.1f} equal platforms and {kinds:.1f} kinds of posts;"
        f" {new:.0%} are new to the song."
    )
    yield (
        f"    {beyond:.2f} x ({PLATFORM_POINTS:g} x {_spread(platforms)} + {KIND_POINTS:g} x {_spread(kinds)}"
        f" + {NEW_POINTS:g} x {new:.2f}) x {found['confidence']:.4f} = {found['breadth']:g}."
    )


def _spread(number: float) -> str:
    """'(2.20 - 1)/3', or 1 where four and more equal places would give more."""
    return "1" if number >= 1 + FULL_SPREAD else f"({number:.2f} - 1)/{FULL_SPREAD:g}"


def _engagement(found: Found) -> Iterator[str]:
    views = found["parts"].get("views")
    if views is None:
        yield f"Engagement 0 of {ENGAGEMENT_POINTS:g}: not measured (no post was read twice, or too few peers were)."
        return
    gain, usual, *day = views
    yield (
        f"Engagement {found['engagement']:g} of {ENGAGEMENT_POINTS:g}: its posts gained {gain:,} views in 24 h where"
        f" posts of their age usually gain {usual:,}; {2**FULL_MARKS:g} times the usual would be full marks."
    )
    if not day:
        return
    times = math.log2((gain + day[0]) / (usual + day[0]))
    counted = min(max(times, 0.0), FULL_MARKS)
    yield (
        f"    log2(({gain:,} + {day[0]:,}) / ({usual:,} + {day[0]:,})) = {times:.3f}, {day[0]:,} being a usual day's"
        f" gain; {ENGAGEMENT_POINTS:g} x {counted:.3f}/{FULL_MARKS:g} x {found['confidence']:.4f}"
        f" = {found['engagement']:g}."
    )


def _sum(found: Found) -> Iterator[str]:
    yield f"Sum: {' + '.join(f'{found[name]:g}' for name in PARTS)} = {found['score']:g}. Method {found['version']}."
    yield "    Parts are rounded so that they add up; a figure of two decimals moves a part by less than 0.1."


def _week(found: Found) -> list[str]:
    week = found["week"]
    if week is None:
        return []
    rank = f"number {week['rank']} of the chart" if week["rank"] else "not on the chart"
    line = f"Week {week['label']}: {rank}, {2 ** week['growth_log2']:.1f} times its usual week,"
    seen = week["seen"]
    held = f" of the {seen['posts']:,} still held" if seen and seen["posts"] != week["posts"] else ""
    distinct = f" ({seen['distinct_posts']:,} distinct{held})" if seen else ""
    told = f"{line} {week['posts']} posts{distinct} by {week['authors']} people."
    if "history" in week["parts"]:
        told += " Too new to compare when it closed."
    return ["", told, *(_flood(seen) if seen else [])]


def _alert(alert: Found) -> Iterator[str]:
    if alert["withdrawn_at"]:
        standing = f"withdrawn {when(alert['withdrawn_at'])}"
    elif alert["confirmed_at"]:
        standing = f"confirmed {when(alert['confirmed_at'])}"
    else:
        standing = "not confirmed yet"
    yield f"Alert {when(alert['raised_at'])}: {alert['sentence']}; {standing}."
    if alert["origin"]:
        yield from _origin(alert["origin"], alert["origin_parts"] or {})


def _origin(text: str, parts: Found) -> Iterator[str]:
    """The origin with the arithmetic of `models.trends.origin.judge`."""
    event = origins.Dated(**parts["event"]) if "event" in parts else None
    known = f"; near it {origins.named(event)}" if event and not text.startswith("event") else ""
    if "chance" not in parts:
        why = f" ({parts['why']})" if "why" in parts else ""
        yield f"    Origin, judged after {origins.AFTER} h: {text}{why}{known}."
        return
    best, last, early = (float(parts[name]) for name in ("best_day", "last_day", "early"))
    added = origins.event_odds(event)
    odds = origins.START + origins.BEST_DAY * best + origins.LAST_DAY * last + origins.EARLY * early + added
    yield (
        f"    Origin, judged after {origins.AFTER} h: {text}{known}. Of {plain(parts['extra'])} people beyond those"
        f" expected {best:.0%} came on the best of six days, {early:.0%} before the alert; the last day had {last:.0%}"
        " of the best."
    )
    yield (
        f"    Odds of an event: {origins.START:g} + {origins.BEST_DAY:g} x {best:.2f}"
        f" - {-origins.LAST_DAY:g} x {last:.2f} - {-origins.EARLY:g} x {early:.2f} + {added:.2f} = {odds:.2f};"
        f" 1/(1 + e^-odds) = {parts['chance']:.2f}; from {origins.SURE:g} on an event, to {1 - origins.SURE:.1f}"
        " word of mouth."
    )


def when(text: str) -> str:
    """'2026-11-20 19:00 KST' for a stored time."""
    return moment(text).astimezone(KST).strftime("%Y-%m-%d %H:%M KST")
