"""Datasette on the database, on this machine only, until it is told to stop."""

from __future__ import annotations

import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

import tracker.explorer
from models.complaint import Complaint
from tracker.explorer.headers import Application, only_hosts
from tracker.explorer.metadata import metadata
from tracker.explorer.ours import MARKS

HOST = "127.0.0.1"
HOSTS = frozenset({"127.0.0.1", "localhost"})
SECONDS_TO_FINISH = 3

SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,  # by far the dearest part of a page on a big table
    "allow_download": False,
    # The time limit does not stop a single function call: one of them took 10 s and 5 GB. Canned queries still run.
    "default_allow_sql": False,
    "max_csv_mb": 500,
}


class ExplorerError(Complaint):
    """The explorer cannot start; the message says why in one line."""


def serve(database: Path, *, port: int, demo: bool = False) -> None:
    """Serve `database` read-only on 127.0.0.1:`port` until SIGINT or SIGTERM, then return.

    `demo` says in every description that the posts are invented. Raises ExplorerError when the database is missing
    or not ours, or the port is taken.
    """
    application = explorer_application(database, demo=demo)
    with _listening(port) as door, _quiet_signals():
        config = uvicorn.Config(
            application, log_level="warning", lifespan="on", timeout_graceful_shutdown=SECONDS_TO_FINISH
        )
        uvicorn.Server(config).run(sockets=[door])


def explorer_application(database: Path, *, demo: bool = False) -> Application:
    """The whole explorer as an ASGI application that answers only requests addressed to this machine."""
    application: Application = open_explorer(database, demo=demo).app()
    return only_hosts(application, HOSTS)


def open_explorer(database: Path, *, demo: bool = False) -> Datasette:
    """Datasette with our plugin, settings and metadata. Raises ExplorerError."""
    _check(database)
    # With rich installed Datasette prints every local variable of a failed request, post text included. Its module
    # must not be imported by name above: it would register itself as a plugin before its hooks are defined.
    sys.modules["datasette.handle_exception"].__dict__["rich"] = None
    if not pm.has_plugin("ostpulse"):  # run from a source tree, where no entry point was installed
        pm.register(tracker.explorer, name="ostpulse")
    return Datasette([str(database)], metadata=metadata(database.stem, demo=demo), settings=dict(SETTINGS))


def _check(database: Path) -> None:
    if not database.is_file():
        raise ExplorerError(f"{database}: there is no such database; `ostpulse collect` or `import` makes one")
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        try:
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ExplorerError(f"{database}: {error}") from None
    if not tables >= MARKS:
        raise ExplorerError(f"{database}: is not a database of ostpulse")


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
            door.listen()
        except OSError as error:
            raise ExplorerError(f"port {port} of {HOST}: {error.strerror}; choose another with --port") from None
        yield door


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """Let uvicorn's repeating of the signal that stopped it pass, so that a wished-for end is a clean one."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
