"""`ostpulse demo`: the whole path on the packaged sample archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tracker.demo.show import Shown

WIDE = 110
"""Columns of a terminal from which on singer and drama have room beside the song."""


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("ostpulse-demo"),
    help="Folder to write into.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(out: Path, as_json: bool) -> None:
    """Link, tag, score and report 26 weeks of invented posts. Needs no network and no key."""
    from tracker.demo.show import run_demo
    from tracker.terminal import progress, say, say_json

    if not as_json:
        say("ostpulse demo: every post below is INVENTED. Songs and singers are real, what happens to them is not.")
    with progress("posts", "hours") as (posts, hours):
        shown = run_demo(out, on_posts=posts, on_hours=hours)
    if as_json:
        say_json(shown.as_dict())
    else:
        _say(shown)


def _say(shown: Shown) -> None:
    from tracker.terminal import say, say_table, width

    say(
        f"{shown.posts} posts in {shown.languages} languages on {shown.platforms} platforms, "
        f"{shown.readings} readings, {shown.hours} hours scored, {shown.alerts} alerts"
    )
    wide = width() >= WIDE
    say_table(
        ["rank", "change", "peak", "weeks", "song", *(["singer", "drama"] if wide else []), *_FIGURES],
        [_chart_row(row, wide) for row in shown.chart],
        title=f"Week {shown.week} (Korean time), invented",
    )
    say("What the writer of these posts meant to be seen:")
    for note in shown.story:
        say(f"  - {note}")
    say()
    say(
        f"Linked as meant: {shown.links_right} of {shown.links_meant} songs in posts ({shown.links_missed} missed, "
        f"{shown.links_wrong} wrong); {shown.quiet_right} of {shown.quiet_meant} posts about no song left alone"
    )
    say(f"Tagged as meant: {shown.tags_right} of {shown.tags_meant} linked posts")
    say()
    say(f"database  {shown.database}")
    say(f"report    {shown.report}")
    say(f"Open the explorer with:  {_this_program()} --db {shown.database} serve")


def _this_program() -> str:
    """How a newcomer started us, so that the next command can be copied: '.venv/bin/ostpulse'."""
    return sys.argv[0] if sys.argv[0].endswith("ostpulse") else "ostpulse"


_FIGURES = ("score", "x usual", "posts", "authors")


def _chart_row(row: dict[str, Any], wide: bool) -> tuple[object, ...]:
    title = f"{row['title']} {row['hangul']}" if row["hangul"] and wide else row["title"]
    usual = f"{2 ** row['growth_log2']:.1f}"
    return (
        *(row[name] for name in ("rank", "change", "peak", "weeks_on_chart")),
        title,
        *((row["artists"], row["drama"]) if wide else ()),
        round(row["score"]),
        usual,
        row["posts"],
        row["authors"],
    )
