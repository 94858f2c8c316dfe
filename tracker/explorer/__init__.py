"""The explorer: Datasette's pages on the database, with a home page of our own. This module is the Datasette plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import asgi_static
from markupsafe import Markup

from tracker.explorer import cells, home, ours, quality
from tracker.explorer.headers import Application, content_policy, guarded
from tracker.explorer.metadata import packaged_queries

if TYPE_CHECKING:
    from datasette.app import Datasette

STATIC = Path(__file__).parent / "static"


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Note which of the open databases are ours; others are shown as Datasette shows them."""
    return lambda: ours.note(datasette)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The page about quality, and static/ at an address that is the same however the plugin was registered."""
    return [(r"/-/quality$", quality.show), (r"/-/ostpulse/(?P<path>.*)$", asgi_static(STATIC))]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    """Send the security headers with every reply and make CSV safe for spreadsheets."""
    policy = content_policy()
    return lambda application: guarded(application, policy)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(row: Any, value: object, column: str, database: str, datasette: Datasette) -> Markup | None:
    """Links, lines and isolated text in the cells of our databases."""
    return cells.render(datasette, database, row, column, value) if database in ours.names(datasette) else None


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any]:
    """Our queries for a database of ours that came without metadata; a metadata file's own are left alone."""
    if database not in ours.names(datasette) or datasette.metadata("queries", database=database, fallback=False):
        return {}
    return packaged_queries()


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(view_name: str, datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    """`demo` on every page (whether the posts are invented), the week's facts as `home` on the first."""
    return lambda: home.template_variables(datasette, view_name)


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The ways into each of our databases."""
    return [
        {"href": datasette.urls.table(name, page), "label": label}
        for name in ours.names(datasette)
        for page, label in (("this_week", "This week's chart"), ("search", "Search"), ("posts", "Posts"))
    ]
