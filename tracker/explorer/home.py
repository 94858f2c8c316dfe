"""The home page: what is climbing this week, and what one should know before believing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode

from tracker.explorer import ours
from tracker.explorer.cells import times_usual
from tracker.explorer.figures import SPARK_CEILING, sparkline, tag_bar
from tracker.explorer.home_facts import MOST_POSTS, Home, read_home
from tracker.explorer.inert import isolated, link_away, plain
from tracker.explorer.metadata import packaged_tables
from tracker.report.wording import origin_words

if TYPE_CHECKING:
    from datasette.app import Datasette


async def template_variables(datasette: Datasette, view_name: str) -> dict[str, Any]:
    """`demo` for every page; for the home page also `home` and what its template draws with."""
    names = ours.names(datasette)
    if not names:
        return {"demo": False, "home": None}
    name = names[0]
    if view_name != "index":
        return {"demo": await ours.is_demo(datasette, name)}
    home: Home = await datasette.get_database(name).execute_fn(read_home)
    return {
        "home": home,
        "demo": home.demo,
        "home_database": name,
        "home_queries": await datasette.get_canned_queries(name, None),
        "home_tables": datasette.metadata("tables", database=name, fallback=False) or packaged_tables(),
        "ceiling": max([SPARK_CEILING, *(day for row in home.rows for day in row.days if day is not None)]),
        "most_posts": MOST_POSTS,
        **DRAWING,
    }


def change_words(change: str) -> tuple[str, str, str]:
    """(class, what the eye sees, what is read out) for a `change` of weekly_chart."""
    if change.startswith(("+", "-")) and change[1:].isdigit():
        places = int(change)
        direction, arrow = ("up", "▲") if places > 0 else ("down", "▼")
        return direction, f"{arrow} {abs(places)}", f"{direction} {abs(places)}"
    if change == "=":
        return "same", "=", "unchanged"
    return ("gap" if change.startswith("n/a") else "entry"), change, change


def moment_words(moment: str | None) -> str:
    """'2026-11-30 14:00 UTC' for a stored time."""
    return f"{moment[:10]} {moment[11:16]} UTC" if moment else "never"


DRAWING = {
    "sparkline": sparkline,
    "tag_bar": tag_bar,
    "times_usual": times_usual,
    "change_words": change_words,
    "moment_words": moment_words,
    "origin_words": origin_words,
    "isolated": isolated,
    "link_away": link_away,
    "plain": plain,
    "tilde": tilde_encode,
}
"""What index.html draws with."""
