"""What speaks for and against a song, each piece with a name, the words it was found in, and a weight.

The weights are log-odds; their sum is the log-odds that the post speaks of the song. Those below are prior knowledge
(guide: linking-and-tagging, section 3.3); `models.linking.fitting` moves them where labelled posts say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

PRIORS: Final[dict[str, float]] = {
    # most spellings of a title are no mention of the song
    "prior": -3.6,
    # per 20 bits of surprise in the words of the title
    "title": 0.6,
    # Hangul over about seven syllables, or a long unambiguous title, identifies the song alone
    "long title": 3.6,
    # a Korean title in Latin letters is no phrase of any other language, but short ones are titles of other songs too
    "romanised title": 1.4,
    "title is not ambiguous": 1.2,
    # the spelling was made by cutting a qualifier off: "Hello (Paul Kim)"
    "short form of the title": -0.6,
    # a writer who sets a phrase apart means a name
    "title quoted": 1.2,
    "title on its own": 0.8,
    "title capitalised": 0.8,
    "title in another script": 1.0,
    "title is no everyday phrase": 0.4,
    "title in a hashtag": 0.8,
    # "#foryou" asks for readers, whatever the post is about
    "a tag for any post": -2.0,
    "title among words": -0.5,
    "part of a longer title": -2.0,
    "said not to be meant": -3.5,
    # the two facts that settle an ambiguous title, and that they agree
    "drama named": 3.0,
    "singer named": 3.0,
    "both singer and drama": 1.5,
    # that a phrase is set apart like a name matters most where the song's singer or drama is named as well
    "stands as a name": 1.2,
    "several singers": 0.8,
    "group named": 1.0,
    "with other songs of its drama": 1.4,
    # those who name a character speak of the drama; actors are named for everything that they do
    "character named": 2.0,
    "actor named": 0.7,
    "next to its singer or drama": 0.8,
    "right beside its singer": 1.2,
    "right beside its drama": 0.7,
    # the platform says which recording is heard
    "sound known": 6.0,
    # words that every post about a song may hold, of whatever song
    "OST word": 1.6,
    "drama word": 0.6,
    "music word": 1.2,
    "edit, challenge or reaction": 0.9,
    # an everyday word beside a drama, and nothing in the post has to do with a song
    "no word of music": -1.3,
    # most is said of a song in its first months, and nothing before it is out
    "around its release": 0.4,
    "posted before the release": -12.0,
    # signs of something else with the same name
    "OST of another work": -1.6,
    "another drama named": -1.4,
    "another work named": -1.6,
    "another singer named": -2.4,
    "singer of another song with this title": -3.2,
    "somebody else named as singer": -1.8,
    # a bare title speaks of the drama then
    "spelt like its drama": -2.8,
    "its twin fits better": -4.5,
    # undoing "5tay" and "Sweeeet" changes honest words too
    "spelt in disguise": -0.5,
    "spelt with a slip": -1.0,
    # the older recording is sung at least as often
    "remake of an older song": -0.8,
}

MAX_WORDS = 80
"""Of the words that a piece of evidence rests on so many characters are kept."""


class Evidence(NamedTuple):
    """One reason: its name, the words of the post it rests on ('' for none), and its weight in log-odds.

    `share` is how much of the full weight of its name it is worth.
    """

    name: str
    words: str
    weight: float
    share: float = 1.0

    def __str__(self) -> str:
        return f"{self.name} {self.words!r} {self.weight:+.1f}" if self.words else f"{self.name} {self.weight:+.1f}"


Piece = tuple[str, str, float]
"""A reason before it is weighed: its name, the words it rests on ('' for none), how much of its weight it is worth."""


def piece(name: str, words: str = "", share: float = 1.0) -> Piece:
    """A reason of which only `share` counts."""
    return name, words, share


def weights_of(pieces: Iterable[Piece], weights: Mapping[str, float]) -> list[float]:
    """What each reason adds to the log-odds."""
    return [round(weights[name] * share, 3) for name, _, share in pieces]


def weighed(pieces: Sequence[Piece], weights: Mapping[str, float]) -> list[Evidence]:
    """The reasons with their weights, as they are kept."""
    return [
        Evidence(name, " ".join(words.split())[:MAX_WORDS] if words else "", weight, share)
        for (name, words, share), weight in zip(pieces, weights_of(pieces, weights), strict=True)
    ]


def shared_evidence(pieces: Sequence[Evidence], twins: Sequence[str]) -> Evidence:
    """What it costs that one of several songs is meant, and nothing says which: each gets its part of the chance."""
    total = sum(one.weight for one in pieces)
    part = 1 / (1 + math.exp(-total)) / (1 + len(twins))
    return Evidence(
        "has a twin in the catalogue", ", ".join(twins)[:MAX_WORDS], round(math.log(part / (1 - part)) - total, 3)
    )


def confidence(pieces: Sequence[Evidence]) -> float:
    """The probability that the pieces add up to, rounded so that equal evidence gives equal figures."""
    return round(1 / (1 + math.exp(-sum(piece.weight for piece in pieces))), 4)
