"""How single cells of Datasette's tables look: links that stay inside, links that lead away, lines, safe text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette.utils import tilde_encode
from markupsafe import Markup

from tracker.explorer.figures import SPARK_CEILING, sparkline
from tracker.explorer.inert import is_troublesome, isolated, link_away

if TYPE_CHECKING:
    from datasette.app import Datasette

_PAGE_OF = {"song": "songs", "drama": "dramas", "artist": "artists", "post": "posts"}
"""The table that holds what a row of kind ... of the search is about."""


def render(datasette: Datasette, database: str, row: Any, column: str, value: object) -> Markup | None:
    """The cell as HTML, or None where Datasette's own way is right."""
    if isinstance(value, float) and column == "growth_log2":
        return times_usual_cell(value)
    if not isinstance(value, str) or not value:
        return None
    if column == "spark":
        return _spark(value)
    if away := link_away(value):
        return away
    return _inside(datasette, database, row, column, value) or (isolated(value) if is_troublesome(value) else None)


def times_usual(growth_log2: float) -> str:
    """'11' or '2.3' for growth_log2: how many times its usual level; two figures are all that it can bear."""
    times = 2 ** max(min(growth_log2, 30), -30)
    return f"{times:,.0f}" if times >= 9.95 else f"{times:.1f}"


def times_usual_cell(growth_log2: float) -> Markup:
    """The figure as stored, with what it means beside it."""
    return Markup('{} <span class="times">×{}</span>').format(f"{growth_log2:.2f}", times_usual(growth_log2))


def _spark(value: str) -> Markup | None:
    try:
        days = [float(day) if day else None for day in value.split(",")]
    except ValueError:
        return None
    return sparkline(days, ceiling=SPARK_CEILING)


def _inside(datasette: Datasette, database: str, row: Any, column: str, value: str) -> Markup | None:
    urls = datasette.urls
    if column == "song":
        href = f"{urls.query(database, 'timeline_of_a_song')}?song={quote(value)}"
    elif column == "post":
        href = f"{urls.table(database, 'posts')}/{tilde_encode(value)}"
    elif column == "id" and "kind" in row.keys() and row["kind"] in _PAGE_OF:  # noqa: SIM118  (a sqlite3.Row)
        href = f"{urls.table(database, _PAGE_OF[row['kind']])}/{tilde_encode(value)}"
    else:
        return None
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(href, value)
