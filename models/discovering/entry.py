"""A found title as an entry of the user's own catalogue file: what is known filled in, the rest left as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.catalogue import Catalogue
from models.discovering.words import surprise
from models.linking.romanisation import romanise
from models.text import fold, squashed

EVERYDAY_BITS = 20.0
LONGEST_SLUG = 60

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NO_DRAMA = "# Put in the drama (and a [[drama]] table where it is new), then take the first '# ' off each line.\n"
_HANGUL = re.compile(r"[가-힣]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a title: `drama` and `artists` are ids, else `work` and `stranger` names as people write them.

    `other` is the title in another script; '' and () for what is not known.
    """

    title: str
    first_day: str
    other: str = ""
    drama: str = ""
    work: str = ""
    artists: tuple[str, ...] = ()
    stranger: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """TOML text; where the drama has no name yet it is all comments, so that the file can still be read."""

    song: str
    text: str
    complete: bool


def entry(sketch: Sketch, catalogue: Catalogue) -> Entry:
    """The tables [[drama]], [[artist]] (where these are new) and [[song]] for a title."""
    taken = {*catalogue.songs, *catalogue.dramas, *catalogue.artists}
    title, hangul = _spellings(sketch)
    song = _free(slug(title) or slug(hangul) or "song", taken)
    drama = sketch.drama or _named(sketch.work, {d.id: (d.title, *d.aliases) for d in catalogue.dramas.values()})
    singer = _named(sketch.stranger, {a.id: (a.name, *a.aliases) for a in catalogue.artists.values()})
    artists = sketch.artists or ((singer,) if singer else ())
    tables: list[list[str]] = []
    if not drama and slug(sketch.work):
        drama = _free(slug(sketch.work), {*taken, song})
        tables.append(_drama(drama, sketch.work))
    if not artists and slug(sketch.stranger):
        artists = (_free(slug(sketch.stranger), {*taken, song, drama}),)
        tables.append(_artist(artists[0], sketch.stranger))
    tables.append(_song(song, title, hangul, drama, artists, sketch))
    text = "\n\n".join("\n".join(lines) for lines in tables) + "\n"
    if not drama:
        text = _NO_DRAMA + "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())
    return Entry(song, text, complete=bool(drama))


def _spellings(sketch: Sketch) -> tuple[str, str]:
    """The title, without Hangul where it is known so, and the title in Hangul, '' where that is the same."""
    names = [name for name in (_clean(sketch.title), _clean(sketch.other)) if name] or ["?"]
    latin = next((name for name in names if not _HANGUL.search(name)), "")
    hangul = next((name for name in names if _HANGUL.search(name)), "")
    title = latin or hangul
    return title, hangul if fold(hangul) != fold(title) else ""


def slug(name: str) -> str:
    """An id made of a name: lower-case Latin letters and digits joined by '-', Hangul romanised; maybe ''."""
    latin = _HANGUL.sub(lambda found: romanise(found[0]), fold(name).replace("'", ""))
    return _NOT_SLUG.sub("-", latin).strip("-")[:LONGEST_SLUG].strip("-")


def _named(name: str, known: Mapping[str, Collection[str]]) -> str:
    """The id of the entry with this name, in whatever spelling, or ''."""
    bare = squashed(name)
    return next((key for key, names in known.items() if bare and bare in map(squashed, names)), "")


def _free(wanted: str, taken: Collection[str]) -> str:
    number, found = 2, wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def quoted(text: str) -> str:
    """A TOML string; signs that cannot be printed are left out."""
    return json.dumps(_clean(text), ensure_ascii=False)


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()


def _drama(key: str, name: str) -> list[str]:
    return [
        "[[drama]]",
        f"id = {quoted(key)}",
        f"title = {quoted(name)}  # as posts write it: please check",
        "# aliases = []            # every name people write, in any script",
        '# network = ""',
        '# first_aired = ""        # 2026-06-01',
        '# last_aired = ""',
    ]


def _artist(key: str, name: str) -> list[str]:
    return [
        "[[artist]]",
        f"id = {quoted(key)}",
        f"name = {quoted(name)}  # as posts write it: please check",
        "# aliases = []",
        '# kind = ""               # soloist, idol, idol_group, actor, band, duo',
    ]


def _song(key: str, title: str, hangul: str, drama: str, artists: Collection[str], sketch: Sketch) -> list[str]:
    everyday = surprise(title.lower()) < EVERYDAY_BITS
    return [
        "[[song]]",
        f"id = {quoted(key)}",
        f"title = {quoted(title)}",
        f"hangul = {quoted(hangul)}" if hangul else '# hangul = ""',
        "# aliases = []            # other spellings and translations of the title",
        f"drama = {quoted(drama)}",
        f"artists = [{', '.join(map(quoted, artists))}]" if artists else '# artists = [""]',
        f"part = {quoted(sketch.part)}" if sketch.part else '# part = ""             # Part 3',
        f"released = {quoted(sketch.first_day)}  # a guess: the day on which it was first seen",
        '# language = ""           # ko, en',
        f"{'' if everyday else '# '}ambiguous = true        # an everyday phrase: the title alone is never enough",
        '# confusable = []         # other songs of this title: "Someone Else - Title"',
    ]


def sound_entry(platform: str, sound: str, song: str, note: str) -> str:
    """A [[sound]] table."""
    rows = (("platform", platform), ("id", sound), ("song", song), ("note", note))
    return "\n".join(["[[sound]]", *(f"{key} = {quoted(value)}" for key, value in rows)]) + "\n"
