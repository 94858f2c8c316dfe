"""Which spellings stand for what: the catalogue's names and the packaged word lists, ready to be searched for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from models.catalogue import Artist, Catalogue, Song
from models.scanning import Scanner, make_scanner
from models.text import fold, squashed

DATA_FILES = ("words.toml", "particles.toml", "common.toml", "people.toml", "rivals.toml", "spellings.toml")

_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_HANGUL_ONLY = re.compile(r"[가-힣]+")
_LATIN_ONLY = re.compile(r"[0-9a-z]+")
_CONFUSABLE = re.compile(r"^(?P<act>.+?) - (?P<title>.+?)(?: \((?P<note>[^()]*)\))?$")
_BY_NAMES = re.compile(r"\s*(?:&|,|\bft\.?|\bfeat\.?|\band\b)\s*")


class Kind(StrEnum):
    """What a name stands for; its `id` is then a song, a drama, an artist, a drama, an act, ''..., or a word list."""

    TITLE = "title"
    DRAMA = "drama"
    ARTIST = "artist"
    CHARACTER = "character"
    CAST = "cast"
    ACT = "act"
    RIVAL = "rival"
    WORK = "work"
    PHRASE = "phrase"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Name:
    """One meaning of a spelling. `weak`: it means something else at least as often. `free`: any ending may follow."""

    kind: Kind
    id: str
    spelling: str
    weak: bool = False
    free: bool = False


@cache
def packaged(name: str) -> Mapping[str, Any]:
    """A word list that ships with the package."""
    return tomllib.loads((files("models") / "data" / name).read_text("utf-8"))


@cache
def packaged_bytes() -> bytes:
    """All word lists as bytes, for a fingerprint."""
    return b"".join((files("models") / "data" / name).read_bytes() for name in DATA_FILES)


@cache
def _common(kind: str) -> frozenset[str]:
    return frozenset(squashed(word) for word in packaged("common.toml")[kind])


def is_common_word(word: str) -> bool:
    """Whether a folded English word tells nothing of a title."""
    return word in _common("words")


def is_weak_name(name: str, kind: str) -> bool:
    """Whether the name of an artist or a drama (`kind` 'artists' or 'dramas') needs support from other evidence.

    Beside the listed ones: up to three Latin letters (four for a drama), one syllable of Hangul (two in a drama's
    short form), two signs of other scripts, and a single everyday English word.
    """
    bare = squashed(name)
    if bare in _common(f"{kind}_strong"):
        return False
    if bare in _common(kind) or bare in _common("words") or bare.isdigit():
        return True
    if _HANGUL_ONLY.fullmatch(bare):
        return len(bare) <= (2 if kind == "dramas" else 1)
    if _LATIN_ONLY.fullmatch(bare):
        return len(bare) <= (4 if kind == "dramas" else 3)
    return len(bare) <= 2


class Lexicon:
    """Every spelling that is searched for, with all it may stand for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._names: dict[str, tuple[Name, ...]] = {}
        self._own: dict[str, set[str]] = {}
        self.rivals: dict[str, frozenset[str]] = {}
        """Song to the squashed names of performers (and other marks) of another song with its title."""
        self.remakes: frozenset[str] = frozenset(
            song.id for song in catalogue.songs.values() if any("(original" in other for other in song.confusable)
        )
        for song in catalogue.songs.values():
            self._add_titles(song)
        for spelling, name in self._other_names():
            self._add(squashed(spelling), name)
        self._read_rivals()
        self.patterns = tuple(self._names)
        self.meanings = tuple(self._names.values())
        del self._names, self._own  # at many songs they are large

    @cached_property
    def scanner(self) -> Scanner:
        """Finds every spelling in a squashed text."""
        return make_scanner(self.patterns)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every spelling that is searched for, squashed."""
        return frozenset(self.patterns)

    @cached_property
    def singers_of(self) -> Mapping[str, frozenset[str]]:
        """Drama to all artists who sing for it."""
        found: dict[str, set[str]] = {}
        for song in self.catalogue.songs.values():
            found.setdefault(song.drama, set()).update(song.artists)
        return {drama: frozenset(artists) for drama, artists in found.items()}

    @cached_property
    def spelled_like_drama(self) -> frozenset[str]:
        """Squashed spellings that are a song's title and a drama's name at once."""
        return frozenset(
            pattern
            for pattern, names in zip(self.patterns, self.meanings, strict=True)
            if {Kind.TITLE, Kind.DRAMA} <= {name.kind for name in names}
        )

    def _add(self, bare: str, name: Name) -> None:
        """One more meaning of a squashed spelling."""
        if not bare or (bare.isdigit() and len(bare) < 4):
            return
        known = self._names.get(bare, ())
        if not any(name.kind is other.kind and name.id == other.id for other in known):
            self._names[bare] = (*known, name)

    def _add_titles(self, song: Song) -> None:
        plain = {song.title, song.hangul, *song.aliases, *_more_spellings(song)}
        own = set()
        for title, bare in self._titles(song).items():
            self._add(bare, Name(Kind.TITLE, song.id, title, weak=title not in plain))
            own.add(bare)
        if song.confusable or not _performers().keys().isdisjoint(own):
            self._own[song.id] = own

    def _other_names(self) -> Iterator[tuple[str, Name]]:
        for drama in self.catalogue.dramas.values():
            for alias in (drama.title, *drama.aliases, *packaged("spellings.toml")["dramas"].get(drama.id, ())):
                yield alias, Name(Kind.DRAMA, drama.id, alias, weak=is_weak_name(alias, "dramas"))
                bare = alias.removeprefix("The ")
                if bare != alias and bare.count(" ") > 1:  # of two words too little is left
                    yield bare, Name(Kind.DRAMA, drama.id, bare, weak=is_weak_name(bare, "dramas"))
        for artist in self.catalogue.artists.values():
            yield from _artist_names(artist)
        yield from _people(self.catalogue)
        yield from _words()

    def titles(self, song: Song) -> list[str]:
        """The spellings of a song's title without qualifiers: "Start (Gaho)" and "Always DOTS" are "Start", "Always".

        A helper form stays whole where what is left of it would be too short or an everyday music word.
        """
        return list(self._titles(song))

    def _titles(self, song: Song) -> dict[str, str]:
        """The spellings, each with its squashed form."""
        own = [song.title, *([song.hangul] if song.hangul else [])]
        found = {title: squashed(title) for title in (*own, *_more_spellings(song))}
        helpers = self._helper_names(song)
        words = _music_words()
        for alias in (*own, *song.aliases):
            bare = _strip_helpers(_QUALIFIER.sub("", alias), helpers)
            if bare == alias:
                bare = alias  # one string for both: there may be a million of them
            short = squashed(bare)
            whole = len(short) < 3 and short.isascii() and bare != song.title
            if not (whole or short in words):
                found.setdefault(bare, short)
            elif alias not in found:
                found[alias] = squashed(alias)
        return found

    def _helper_names(self, song: Song) -> frozenset[str]:
        """Folded words and phrases with which an alias may name its singer or drama."""
        drama = self.catalogue.dramas[song.drama]
        artists = [self.catalogue.artists[artist] for artist in song.artists]
        people = packaged("people.toml").get(song.drama, {})
        names = [drama.title, *drama.aliases, *people.get("characters", ()), "OST", "Challenge"]
        for artist in artists:
            names += [artist.name, *artist.aliases, *_given_names(artist.name), *_given_names(*artist.aliases)]
        return frozenset(map(_folded_words, names))

    def _read_rivals(self) -> None:
        for song in self.catalogue.songs.values():
            own = self._own.get(song.id)
            if own is None:
                self.rivals[song.id] = frozenset()
                continue
            rivals = {squashed(name) for title in own & _performers().keys() for name in _performers()[title]}
            for other in song.confusable:
                rivals |= self._confusable(own, other)
            rivals -= {squashed(name) for key in song.artists for name in _spellings(self.catalogue.artists[key])}
            self.rivals[song.id] = frozenset(rivals - {""})
            for name in sorted(self.rivals[song.id]):
                self._add(squashed(name), Name(Kind.RIVAL, name, name, weak=is_weak_name(name, "artists")))
        for section, kind in (("acts", Kind.ACT), ("works", Kind.WORK), ("phrases", Kind.PHRASE)):
            for spelling in packaged("rivals.toml")[section]["names"]:
                one_word = kind is Kind.WORK and " " not in spelling and len(spelling) < 10
                weak = one_word or is_weak_name(spelling, "dramas" if kind is Kind.WORK else "artists")
                free = kind is Kind.PHRASE
                self._add(squashed(spelling), Name(kind, squashed(spelling), spelling, weak=weak, free=free))

    def _confusable(self, own: set[str], other: str) -> set[str]:
        """The performers that "Sam Smith - Stay With Me" names; a longer title of theirs is noted as a phrase."""
        found = _CONFUSABLE.match(other)
        if found is None:
            return set()
        title = squashed(_QUALIFIER.sub("", found["title"]))
        if title not in own and not any(Kind.TITLE is n.kind for n in self._names.get(title, ())):
            self._add(squashed(found["title"]), Name(Kind.PHRASE, title, found["title"]))
        return {squashed(act) for act in _BY_NAMES.split(found["act"])}


def _more_spellings(song: Song) -> Sequence[str]:
    listed: Mapping[str, Sequence[str]] = packaged("spellings.toml").get("songs", {})
    return listed.get(song.id, ())


@cache
def _performers() -> Mapping[str, list[str]]:
    """Squashed titles of famous works to those who perform them."""
    return {squashed(title): names for title, names in packaged("rivals.toml")["performers"].items()}


def _spellings(artist: Artist) -> list[str]:
    others = packaged("spellings.toml")["artists"].get(artist.id, ())
    return [_QUALIFIER.sub("", name) for name in (artist.name, *artist.aliases, *others)]


def _artist_names(artist: Artist) -> Iterator[tuple[str, Name]]:
    plain = _spellings(artist)
    qualified = {_QUALIFIER.sub("", name) for name in artist.aliases if _QUALIFIER.search(name)}
    for name in dict.fromkeys(plain):
        if len(squashed(name)) == 1 and name in qualified and name != artist.name:
            continue  # "t (Yoonmirae)": a bare letter is no name
        weak = name in qualified or is_weak_name(name, "artists")
        yield name, Name(Kind.ARTIST, artist.id, name, weak=weak)
    for given in dict.fromkeys(_given_names(*plain)):
        yield given, Name(Kind.ARTIST, artist.id, given, weak=True)


@cache
def _family_names() -> frozenset[str]:
    return frozenset(name.lower() for name in packaged("common.toml")["family_names"])


def _given_names(*names: str) -> list[str]:
    """The given names of Korean names in Latin letters: 'Woo-seok' of 'Byeon Woo-seok'."""
    given = []
    for name in names:
        family, _, rest = name.partition(" ")
        if family.lower() in _family_names() and len(squashed(rest)) >= 5 and rest.isascii():
            given.append(rest)
    return given


def _people(catalogue: Catalogue) -> Iterator[tuple[str, Name]]:
    common = _common("people")
    for drama, lists in packaged("people.toml").items():
        if drama not in catalogue.dramas:
            continue
        for kind, key in ((Kind.CHARACTER, "characters"), (Kind.CHARACTER, "weak"), (Kind.CAST, "cast")):
            for name in lists.get(key, ()):
                bare = squashed(name)
                if bare.isascii() and len(bare) <= 2:
                    continue
                yield name, Name(kind, drama, name, weak=key == "weak" or bare in common or len(bare) <= 1)


def _words() -> Iterator[tuple[str, Name]]:
    for group, words in packaged("words.toml").items():
        for word in words:
            spelling = word.removesuffix("*")
            yield spelling, Name(Kind.WORD, group, spelling, free=word.endswith("*"))


@cache
def _music_words() -> frozenset[str]:
    lists: Iterable[list[str]] = packaged("words.toml").values()
    return frozenset(squashed(word) for words in lists for word in words) | {"theme"}


@lru_cache(maxsize=4096)
def _folded_words(words: str) -> str:
    return " ".join(fold(words).split())


def _strip_helpers(alias: str, helpers: frozenset[str]) -> str:
    """Take names of the singer or the drama off either end of an alias, as long as something is left."""
    words = alias.split()
    if len(words) < 2:
        return alias.strip()
    folded = fold(alias).split()
    if len(folded) != len(words):
        folded = [fold(word) for word in words]
    again = True
    while again:
        again = False
        for size in range(len(words) - 1, 0, -1):
            if " ".join(folded[-size:]).strip("()") in helpers:
                words, folded, again = words[:-size], folded[:-size], True
                break
            if " ".join(folded[:size]).strip("()") in helpers:
                words, folded, again = words[size:], folded[size:], True
                break
    return " ".join(words)
