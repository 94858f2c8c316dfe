"""Which of the songs that a spelling may mean can come to anything, before each is weighed with care.

At many songs nearly every word is somebody's title. What a song can get at most is known beforehand: its title's own
share, and what the post offers to any song. Where that is not enough and nothing in the post belongs to the song, it
need not be weighed: the links are the same as if it had been.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.setting import setting
from models.linking.sightings import Document, Sighting
from models.linking.titles import Title

FEW, MANY = 4, 24
"""Of a title that more than MANY songs share only those are weighed to which something in the post belongs; of one that
more than FEW share, the others only where there are no such.
"""

OFFERS = {"ost": ("OST word", 1.0), "drama": ("drama word", 1.0), "music": ("music word", 1.35)}
"""What a word of a list says for whatever song, at most."""

_ACTIVITY = "edit, challenge or reaction"
_SETTINGS = (
    "title quoted",
    "title on its own",
    "title in another script",
    "title capitalised",
    "title is no everyday phrase",
    "title in a hashtag",
)


class Prospect(NamedTuple):
    """A song that a spelling may mean; `tied`: something in the post belongs to it."""

    seen: Sighting
    title: Title
    tied: bool


@dataclass(frozen=True, slots=True)
class Chance:
    """The titles that a spelling may be.

    `most` is what one of them can get from its spelling and setting, `least` what it needs beside the others.
    """

    titles: tuple[Title, ...]
    most: float
    least: float
    places: Mapping[str, Sequence[int]]
    """Drama, singer or group to the places in `titles` of the songs that belong to it."""

    def tied(self, subjects: frozenset[str]) -> set[int]:
        """The places in `titles` of the songs to which one of these belongs."""
        if subjects.isdisjoint(self.places):
            return set()
        return {place for subject in subjects for place in self.places.get(subject, ())}

    @property
    def crowded(self) -> bool:
        """Whether so many songs share the title that the post has to say which."""
        return len(self.titles) > MANY


class Prospects:
    """Knows for one lexicon and one set of weights what each title can get at most."""

    def __init__(self, lexicon: Lexicon, weights: Mapping[str, float], possible: float) -> None:
        self._songs = lexicon.catalogue.songs
        self._artists = lexicon.catalogue.artists
        self._weights = weights
        self._possible = possible
        self._setting = max(0.0, *(weights[name] for name in _SETTINGS))
        self._chances: list[Chance | None] = [None] * len(lexicon.meanings)

    def stands_alone(self, names: Sequence[Name]) -> bool:
        """Whether one of these meanings can be a possible link in a post that holds nothing else."""
        chance = self._reckoned(names)
        return chance.most >= chance.least

    def among(self, page: Document, heard: str | None = None) -> list[Prospect]:
        """What is worth weighing, in the order of the text; `heard` is a song known otherwise."""
        if not page.sightings:
            return []
        subjects = page.subjects()
        offered = self._offered(page)
        found: list[Prospect] = []
        for seen in page.sightings:
            chance = self._chance(seen)
            if not chance.titles:
                continue
            tied = chance.tied(subjects)
            if tied and len(chance.titles) > FEW:
                found += [Prospect(seen, chance.titles[place], tied=True) for place in sorted(tied)]
            elif tied:
                found += [Prospect(seen, title, place in tied) for place, title in enumerate(chance.titles)]
            elif not chance.crowded and self._may_come_to_something(page, seen, chance, offered, heard):
                found += [Prospect(seen, title, tied=False) for title in chance.titles]
        return found

    def _may_come_to_something(
        self, page: Document, seen: Sighting, chance: Chance, offered: float, heard: str | None
    ) -> bool:
        """Whether songs to which nothing in the post belongs can be possible links all the same."""
        told = heard is not None and any(title.song.id == heard for title in chance.titles)
        missing = (self._least(1) if told else chance.least) - chance.most - offered
        return missing <= 0 and missing + self._setting - self._set(page, seen) <= 0

    def _least(self, rivals: int) -> float:
        """The log-odds that make a possible link where nothing tells which of so many songs is meant.

        Each gets its part of the chance then (`evidence.shared_evidence`).
        """
        needed = self._possible * max(rivals, 1)
        return math.log(needed / (1 - needed)) if needed < 1 else math.inf

    def _set(self, page: Document, seen: Sighting) -> float:
        """What the setting of a title says, in the post as it is."""
        said = setting(page, seen).piece
        return 0.0 if said is None else self._weights[said[0]] * said[2]

    def _offered(self, page: Document) -> float:
        words = {name.id for _, name in page.of(Kind.WORD)}
        if not words:
            return 0.0
        total = sum(self._weights[name] * share for word, (name, share) in OFFERS.items() if word in words)
        return total + (self._weights[_ACTIVITY] if "activity" in words else 0.0)

    def _chance(self, seen: Sighting) -> Chance:
        known = self._chances[seen.number]
        if known is None:
            known = self._chances[seen.number] = self._reckoned(seen.names)
        return known

    def _reckoned(self, names: Sequence[Name]) -> Chance:
        titles = tuple(Title(self._songs[name.id], name) for name in names if name.kind is Kind.TITLE)
        most = max(map(self._bound, titles), default=-math.inf)
        places: dict[str, list[int]] = {}
        for place, title in enumerate(titles):
            for subject in self._subjects(title):
                places.setdefault(subject, []).append(place)
        return Chance(titles, most, self._least(len(titles)), places)

    def _subjects(self, title: Title) -> set[str]:
        """The drama, the singers and their groups."""
        song = title.song
        return {song.drama, *song.artists, *(self._artists[key].group or song.drama for key in song.artists)}

    def _bound(self, title: Title) -> float:
        weights = self._weights
        total = weights["prior"] + weights["title"] * title.share + self._setting
        total += max(0.0, weights["around its release"])
        if title.identifies:
            total += weights["long title"]
        elif title.romanised:
            total += weights["romanised title"]
        return total + (0.0 if title.song.ambiguous else weights["title is not ambiguous"])
