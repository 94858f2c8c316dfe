"""The report as Markdown (GitHub's tables); whatever is not Markdown of ours is escaped on its way out."""

from __future__ import annotations

from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.report.html import dates, word_filters
from tracker.report.mix import mix_words
from tracker.report.plain_text import Markdown, markdown, plain, safe_link
from tracker.report.report import Report
from tracker.report.week import long_date


def render_markdown(report: Report) -> str:
    """The whole file; the same report gives the same text."""
    environment = Environment(  # noqa: S701 - finalize escapes every value
        loader=PackageLoader("tracker", "data/report"),
        finalize=markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= word_filters(date.fromisoformat(report.week.days[-1]))
    environment.filters |= {"link": _link, "mixwords": mix_words}
    return environment.get_template("report.md.j2").render(
        report=report,
        facts=report.facts,
        week=report.week,
        dates=dates(report.week),
        closed=long_date(report.week.closes),
    )


def _link(url: str | None, words: str) -> Markdown:
    """A Markdown link where the address is sound, else the words alone; both escaped."""
    shown = markdown(plain(words, 140) or "(no text)")
    address = safe_link(url)
    return Markdown(f"[{shown}](<{address}>)" if address else shown)
