"""The catalogue's tables."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from models.catalogue import Catalogue
from models.korean_time import iso
from tracker.store import get_meta, set_meta, to_json, transaction
from tracker.store_sounds import save_sounds


def save_catalogue(db: Database, catalogue: Catalogue, *, now: datetime) -> None:
    """Bring the catalogue's tables up to date; does nothing when its version is already stored.

    Songs of the first catalogue are tracked from the first hour of data on (`tracked_since` null); a song added to
    a database that already has one is tracked from `now` on. What has left the catalogue stays while something
    refers to it.
    """
    before = get_meta(db, "catalogue")
    if before == catalogue.version:
        return
    tracked_since = None if before is None else iso(now)
    with transaction(db) as connection:
        _upsert_dramas_and_artists(connection, catalogue)
        _upsert_songs(connection, catalogue, tracked_since)
        save_sounds(connection, catalogue)
        connection.execute("delete from events")
        connection.executemany(
            "insert into events (subject, date, kind, note) values (?, ?, ?, ?)",
            [(event.subject, event.date, event.kind, event.note) for event in catalogue.events],
        )
        set_meta(connection, "catalogue", catalogue.version)


def _upsert_dramas_and_artists(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    connection.executemany(
        """insert into dramas (id, title, hangul, network, first_aired, last_aired, aliases)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update set title = excluded.title, hangul = excluded.hangul, network = excluded.network,
        first_aired = excluded.first_aired, last_aired = excluded.last_aired, aliases = excluded.aliases""",
        [
            (d.id, d.title, d.hangul, d.network, d.first_aired, d.last_aired, to_json(d.aliases))
            for d in catalogue.dramas.values()
        ],
    )
    connection.executemany(
        """insert into artists (id, name, hangul, kind, member_of, aliases) values (?, ?, ?, ?, ?, ?)
        on conflict (id) do update set name = excluded.name, hangul = excluded.hangul, kind = excluded.kind,
        member_of = excluded.member_of, aliases = excluded.aliases""",
        [(a.id, a.name, a.hangul, a.kind, a.group, to_json(a.aliases)) for a in catalogue.artists.values()],
    )


def _upsert_songs(connection: sqlite3.Connection, catalogue: Catalogue, tracked_since: str | None) -> None:
    connection.executemany(
        """insert into songs (id, title, hangul, drama, part, released, language, ambiguous, aliases, tracked_since)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update set title = excluded.title, hangul = excluded.hangul, drama = excluded.drama,
        part = excluded.part, released = excluded.released, language = excluded.language,
        ambiguous = excluded.ambiguous, aliases = excluded.aliases""",
        [
            (
                s.id,
                s.title,
                s.hangul,
                s.drama,
                s.part,
                s.released,
                s.language,
                int(s.ambiguous),
                to_json(s.aliases),
                tracked_since,
            )
            for s in catalogue.songs.values()
        ],
    )
    connection.execute("delete from song_artists")
    connection.executemany(
        "insert into song_artists (song, artist, position) values (?, ?, ?)",
        [(s.id, artist, place) for s in catalogue.songs.values() for place, artist in enumerate(s.artists)],
    )
