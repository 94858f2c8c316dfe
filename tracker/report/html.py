"""The report as one HTML file: no script, nothing fetched, every foreign text escaped and kept to itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models.korean_time import DAY
from tracker.report import wording
from tracker.report.bump import COLOURS, bump_chart
from tracker.report.facts import DayCount, SongWeek
from tracker.report.mix import mix_bar
from tracker.report.plain_text import plain, safe_link
from tracker.report.report import Report
from tracker.report.timelines import Timeline, timelines
from tracker.report.week import BUMP_WEEKS, ReportWeek, long_date, short_date

CONTENTS = (
    ("coverage", "Coverage"),
    ("chart", "The chart"),
    ("movers", "Movers"),
    ("debuts", "Debuts"),
    ("returns", "Returns"),
    ("places", "Places"),
    ("tags", "By tag"),
    ("shows", "By show"),
    ("languages", "Languages"),
    ("alerts", "Alerts"),
    ("early", "Early signals"),
    ("notes", "Data notes"),
)


def render_html(report: Report) -> str:
    """The whole page; the same report gives the same text."""
    facts = report.facts
    lines = timelines(facts)
    return (
        _environment(report)
        .get_template("report.html.j2")
        .render(
            report=report,
            facts=facts,
            week=report.week,
            dates=dates(report.week),
            first_day=long_date(report.week.start).split(" ", 1)[1],
            closed=long_date(report.week.closes),
            contents=CONTENTS,
            linked={one.song.id for one in report.rows},
            bump=bump_chart(facts),
            bump_weeks=[label for label in report.week.labels(BUMP_WEEKS) if label >= facts.first_week],
            lines=lines,
            daily=list(_daily(lines)),
            language_total=sum(one.posts for one in facts.languages),
        )
    )


def dates(week: ReportWeek) -> str:
    """'Monday 9 November to Sunday 15 November 2026'."""
    return f"{long_date(week.start).rsplit(' ', 1)[0]} to {long_date(week.end - DAY)}"


def _daily(lines: tuple[Timeline, ...]) -> Iterator[tuple[str, list[DayCount | None]]]:
    by_day = [{count.day: count for count in each.days} for each in lines]
    for day in sorted({day for counts in by_day for day in counts}):
        yield day, [counts.get(day) for counts in by_day]


def _environment(report: Report) -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker", "data/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    until = date.fromisoformat(report.week.days[-1])
    environment.filters |= word_filters(until)
    environment.filters |= {
        "link": safe_link,
        "colour": lambda kind: COLOURS.get(kind, "flat"),
        "mix": _mix,
    }
    return environment


def word_filters(until: date) -> dict[str, object]:
    """The wording that templates of any format may use."""
    return {
        "plain": plain,
        "movement": wording.movement,
        "times": wording.times_usual,
        "confidence": wording.confidence_word,
        "why": wording.why,
        "flood": wording.flood_words,
        "postsof": wording.posts_of,
        "copies": wording.copies_words,
        "beside": wording.beside,
        "percent": wording.percent,
        "tagname": lambda tag: wording.TAG_NAMES[tag],
        "platform": wording.platform_name,
        "language": wording.language_name,
        "languages": wording.languages_of,
        "origin": wording.origin_words,
        "korea": wording.hour_of_korea,
        "shortdate": short_date,
        "age": lambda one: wording.age(one.song.released, until),
    }


def _mix(one: SongWeek) -> Markup | None:
    return mix_bar(one.tags, id=f"mix-{one.song.id}", title=f"Tags of {plain(one.song.title, 60)}")
