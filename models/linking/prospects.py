"""Which of the songs that a spelling may mean can come to anything, before each is weighed with care.

At many songs nearly every word is somebody's title. What a song can get at most is known beforehand: its title's own
share, and what the post offers to any song. Where that is not enough and nothing in the post belongs to the song, it
need not be weighed: the links are the same as if it had been.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from models.catalogue import Song
from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.setting import setting
from models.linking.sightings import Document, Sighting
from models.linking.surprise import bits
from models.linking.titles import PLAIN_BITS, identifies_alone, is_romanised

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


class Prospects:
    """Knows for one lexicon and one set of weights what each title can get at most."""

    def __init__(self, lexicon: Lexicon, weights: Mapping[str, float], possible: float) -> None:
        self._songs = lexicon.catalogue.songs
        self._weights = weights
        self._least = math.log(possible / (1 - possible))
        self._setting = max(0.0, *(weights[name] for name in _SETTINGS))
        self._bounds: dict[tuple[str, str], float] = {}
        artists = lexicon.catalogue.artists
        self._ties = {
            song.id: frozenset(
                {song.drama, *song.artists, *(artists[key].group or song.drama for key in song.artists)}
            )
            for song in self._songs.values()
        }

    def stands_alone(self, name: Name) -> bool:
        """Whether a title can be a possible link in a post that holds nothing else."""
        return name.kind is Kind.TITLE and self._bound(name) >= self._least

    def among(self, page: Document) -> list[tuple[Sighting, Name]]:
        """The sightings of titles worth weighing, in the order of the text."""
        subjects = page.subjects()
        offered = self._offered(page)
        found: list[tuple[Sighting, Name]] = []
        for seen in page.sightings:
            names = [name for name in seen.names if name.kind is Kind.TITLE]
            if not names:
                continue
            tied = [name for name in names if not self._ties[name.id].isdisjoint(subjects)]
            if len(names) > MANY or (tied and len(names) > FEW):
                names = tied
            elif not tied:
                best = max(map(self._bound, names)) + offered
                if best < self._least or best - self._setting + self._set(page, seen) < self._least:
                    continue
            found += [(seen, name) for name in names]
        return found

    def _set(self, page: Document, seen: Sighting) -> float:
        """What the setting of a title says, in the post as it is."""
        return sum(self._weights[piece.name] * piece.share for piece in setting(page, seen).pieces)

    def _offered(self, page: Document) -> float:
        words = {name.id for _, name in page.of(Kind.WORD)}
        total = sum(self._weights[name] * share for word, (name, share) in OFFERS.items() if word in words)
        return total + (self._weights[_ACTIVITY] if "activity" in words else 0.0)

    def _bound(self, name: Name) -> float:
        key = name.id, name.spelling
        known = self._bounds.get(key)
        if known is None:
            known = self._bounds[key] = self._computed(self._songs[name.id], name)
        return known

    def _computed(self, song: Song, name: Name) -> float:
        weights = self._weights
        total = weights["prior"] + weights["title"] * bits(name.spelling) / PLAIN_BITS + self._setting
        total += max(0.0, weights["around its release"])
        if identifies_alone(song, name.spelling):
            total += weights["long title"]
        elif is_romanised(song, name.spelling):
            total += weights["romanised title"]
        return total + (0.0 if song.ambiguous else weights["title is not ambiguous"])
