"""The catalogue: dramas, artists, songs and dated events, read from TOML and checked as a whole."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from models.complaint import Complaint

Kind = Literal["soloist", "idol", "idol_group", "actor", "band", "duo"]
EventKind = Literal[
    "chart",
    "award",
    "release",
    "finale",
    "live_performance",
    "trend",
    "scene",
    "episode",
    "stage",
    "poll",
    "other",
]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HANGUL = re.compile(r"[가-힣]")


class CatalogueError(Complaint):
    """A catalogue that cannot be used; the message names the file, the entry and what is wrong."""


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("an id is lower-case letters and digits joined by '-'")
    return value


def _named(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def _full_date(value: str) -> str:
    date.fromisoformat(value)
    return value


def _partial_date(value: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", value):
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    date.fromisoformat(value + "-01-01"[: 10 - len(value)] if len(value) < 10 else value)
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Name = Annotated[str, AfterValidator(_named)]
FullDate = Annotated[str, AfterValidator(_full_date)]
PartialDate = Annotated[str, AfterValidator(_partial_date)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Drama(_Entry):
    """A series; `wikipedia` maps a language edition to an unchecked page title."""

    id: Slug
    title: Name
    aliases: tuple[Name, ...] = ()
    network: str | None = None
    first_aired: FullDate | None = None
    last_aired: FullDate | None = None
    wikipedia: Mapping[str, str] = {}

    @property
    def hangul(self) -> str | None:
        """Its first name written in Hangul."""
        return _first_hangul(self.title, *self.aliases)


class Artist(_Entry):
    """A singer, act or actor; `group` is the id of the group a member belongs to."""

    id: Slug
    name: Name
    aliases: tuple[Name, ...] = ()
    kind: Kind | None = None
    group: Slug | None = None

    @property
    def hangul(self) -> str | None:
        """Its first name written in Hangul."""
        return _first_hangul(self.name, *self.aliases)


class Song(_Entry):
    """One OST song. `released` may be a year, a month or a day; `ambiguous` titles need other evidence."""

    id: Slug
    title: Name
    drama: Slug
    artists: tuple[Slug, ...] = ()
    hangul: str | None = None
    aliases: tuple[Name, ...] = ()
    part: str | None = None
    released: PartialDate | None = None
    language: str | None = None
    ambiguous: bool = False
    confusable: tuple[str, ...] = ()
    verified: Literal["yes", "memory", "user"] = "user"


class Event(_Entry):
    """Something dated that happened to a song, a drama or an artist."""

    date: FullDate
    subject: Slug
    kind: EventKind
    note: str


_EntryT = TypeVar("_EntryT", bound=_Entry)


class Sound(_Entry):
    """A platform's id of a recording that is known to be of a song: what a post uses it says without words."""

    platform: Name
    id: Name
    song: Slug
    note: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that is known of dramas, artists, songs, events and sounds, each in the order of its files."""

    dramas: Mapping[str, Drama]
    artists: Mapping[str, Artist]
    songs: Mapping[str, Song]
    events: tuple[Event, ...] = ()
    sounds: tuple[Sound, ...] = ()

    @cached_property
    def version(self) -> str:
        """A short fingerprint of the whole content; changes whenever any fact does."""
        entries = (*self.dramas.values(), *self.artists.values(), *self.songs.values(), *self.events, *self.sounds)
        content = "\n".join(entry.model_dump_json() for entry in entries)
        return hashlib.blake2b(content.encode(), digest_size=6).hexdigest()

    @cached_property
    def _song_of_sound(self) -> Mapping[tuple[str, str], str]:
        return {(sound.platform, sound.id): sound.song for sound in self.sounds}

    def song_of_sound(self, platform: str, sound: str) -> str | None:
        """The song that a platform's sound id is known to be a recording of."""
        return self._song_of_sound.get((platform, sound))


@dataclass(frozen=True)
class Source:
    """One TOML text and the name by which errors speak of it."""

    name: str
    text: str


def packaged_sources() -> list[Source]:
    """The catalogue and the events that ship with ostpulse."""
    folder = files("models") / "data"
    return [Source(name, (folder / name).read_text("utf-8")) for name in ("catalogue.toml", "events.toml")]


def load_catalogue(extra: Iterable[Source] = ()) -> Catalogue:
    """Read the packaged catalogue and then `extra`, in order; a later entry of the same id overrides field by field.

    An extra file holds [[drama]], [[artist]], [[song]], [[event]] and [[sound]] tables; an entry that only overrides
    may leave out everything but its id and what changes. Raises CatalogueError naming file and entry.
    """
    return read_catalogue([*packaged_sources(), *extra])


def read_catalogue(sources: Iterable[Source]) -> Catalogue:
    """Read and check a catalogue from TOML texts alone; see `load_catalogue`."""
    tables: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {"drama": {}, "artist": {}, "song": {}}
    events: list[Event] = []
    sounds: dict[tuple[str, str], Sound] = {}
    for source in sources:
        for kind, rows in _parse(source).items():
            if kind == "event":
                events += [_event(source.name, row) for row in rows]
            elif kind == "sound":
                found = [_build(Sound, "sound", source.name, row) for row in rows]
                sounds |= {(sound.platform, sound.id): sound for sound in found}
            else:
                _merge(tables[kind], source.name, kind, rows)
    catalogue = Catalogue(
        dramas={key: _build(Drama, "drama", *found) for key, found in tables["drama"].items()},
        artists={key: _build(Artist, "artist", *found) for key, found in tables["artist"].items()},
        songs={key: _build(Song, "song", *found) for key, found in tables["song"].items()},
        events=tuple(sorted(events, key=lambda event: (event.date, event.subject, event.kind))),
        sounds=tuple(sounds.values()),
    )
    _check_references(catalogue, {kind: {k: name for k, (name, _) in rows.items()} for kind, rows in tables.items()})
    return catalogue


def _parse(source: Source) -> dict[str, list[dict[str, Any]]]:
    try:
        tables = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{source.name}: {error}") from None
    for kind, rows in tables.items():
        if kind not in ("drama", "artist", "song", "event", "sound") or not isinstance(rows, list):
            raise CatalogueError(
                f"{source.name}: {kind}: expected [[drama]], [[artist]], [[song]], [[event]], [[sound]]"
            )
    return tables


def _merge(known: dict[str, tuple[str, dict[str, Any]]], file: str, kind: str, rows: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for position, row in enumerate(rows, 1):
        key = row.get("id")
        if not isinstance(key, str):
            raise CatalogueError(f"{file}: {kind} number {position}: id is missing")
        if key in seen:
            raise CatalogueError(f"{file}: {kind} '{key}': stands there twice")
        seen.add(key)
        known[key] = (file, {**known[key][1], **row} if key in known else row)


def _build(entry: type[_EntryT], kind: str, file: str, row: dict[str, Any]) -> _EntryT:
    try:
        return entry.model_validate(row)
    except ValidationError as error:
        raise CatalogueError(f"{file}: {kind} '{row.get('id', '?')}': {_problems(error)}") from None


def _event(file: str, row: dict[str, Any]) -> Event:
    named = {key: row[key] for key in ("subject", "song", "drama", "artist") if key in row}
    if len(named) != 1:
        raise CatalogueError(f"{file}: event of {row.get('date', '?')}: name one of song, drama, artist")
    rest = {key: value for key, value in row.items() if key not in named}
    try:
        return Event.model_validate({**rest, "subject": next(iter(named.values()))})
    except ValidationError as error:
        raise CatalogueError(f"{file}: event of {row.get('date', '?')}: {_problems(error)}") from None


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors()
    )


def _check_references(catalogue: Catalogue, file_of: Mapping[str, Mapping[str, str]]) -> None:
    for song in catalogue.songs.values():
        where = f"{file_of['song'][song.id]}: song '{song.id}'"
        if song.drama not in catalogue.dramas:
            raise CatalogueError(f"{where}: drama: there is no drama '{song.drama}'")
        for artist in song.artists:
            if artist not in catalogue.artists:
                raise CatalogueError(f"{where}: artists: there is no artist '{artist}'")
        _check_names(where, song.title, *([song.hangul] if song.hangul else []), *song.aliases)
    _check_artists(catalogue, file_of["artist"])
    _check_dramas(catalogue, file_of["drama"])
    subjects = catalogue.songs.keys() | catalogue.dramas.keys() | catalogue.artists.keys()
    for event in catalogue.events:
        if event.subject not in subjects:
            raise CatalogueError(f"event of {event.date}: there is no song, drama or artist '{event.subject}'")
    for sound in catalogue.sounds:
        if sound.song not in catalogue.songs:
            raise CatalogueError(f"sound '{sound.id}' of {sound.platform}: song: there is no song '{sound.song}'")
    _check_distinct_ids(catalogue)


def _check_artists(catalogue: Catalogue, file_of: Mapping[str, str]) -> None:
    for artist_entry in catalogue.artists.values():
        where = f"{file_of[artist_entry.id]}: artist '{artist_entry.id}'"
        if artist_entry.group is not None and artist_entry.group not in catalogue.artists:
            raise CatalogueError(f"{where}: group: there is no artist '{artist_entry.group}'")
        _check_names(where, artist_entry.name, *artist_entry.aliases)


def _check_dramas(catalogue: Catalogue, file_of: Mapping[str, str]) -> None:
    for drama in catalogue.dramas.values():
        where = f"{file_of[drama.id]}: drama '{drama.id}'"
        if drama.first_aired and drama.last_aired and drama.first_aired > drama.last_aired:
            raise CatalogueError(f"{where}: last_aired: {drama.last_aired} lies before first_aired {drama.first_aired}")
        _check_names(where, drama.title, *drama.aliases)


def _check_names(where: str, *names: str) -> None:
    seen: set[str] = set()
    for name in names:
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in seen:
            raise CatalogueError(f"{where}: aliases: '{name}' stands there twice")
        seen.add(folded)


def _check_distinct_ids(catalogue: Catalogue) -> None:
    for one, other, what in (
        (catalogue.songs, catalogue.dramas, "a song and a drama"),
        (catalogue.songs, catalogue.artists, "a song and an artist"),
        (catalogue.dramas, catalogue.artists, "a drama and an artist"),
    ):
        for shared in sorted(one.keys() & other.keys()):
            raise CatalogueError(f"'{shared}' is the id of both {what}")


def _first_hangul(*names: str) -> str | None:
    return next((name for name in names if _HANGUL.search(name)), None)
