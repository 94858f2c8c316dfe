"""One song that a spelling in a post may mean, and where the post names what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.nearness import distance, is_close, is_joined
from models.linking.setting import SHORT_BITS, Setting, setting
from models.linking.sightings import Document, Sighting
from models.linking.surprise import bits
from models.linking.titles import Title

WINDOW = 400
"""In a long text what stands further from the title than this speaks of something else as often as not."""
FAR_SHARE = 0.6
SURE_TITLE_BITS = 16.0
SISTER_BITS = 11.0
NAMED = 0.65
"""From this share of its full weight on a singer or a drama counts as named."""

_Found = tuple[Sighting, Name]


@dataclass(frozen=True)
class Tie:
    """The best sighting that ties a title to its song, with the share of its full weight that it is worth."""

    seen: Sighting
    share: float
    close: bool


class Candidate:
    """One song that one spelling in a post may mean."""

    def __init__(
        self, page: Document, lexicon: Lexicon, seen: Sighting, title: Title, *, tied: bool, heard: bool
    ) -> None:
        """`tied`: something in the post belongs to the song; `heard`: the post is known to use its recording."""
        self.page = page
        self.lexicon = lexicon
        self.seen = seen
        self.title = title
        self.song = title.song
        self.tied = tied
        self.heard = heard

    @property
    def has_singer(self) -> bool:
        """Whether the song's singer is named for certain enough, or heard."""
        return self.heard or (self.tied and self.singer is not None and self.singer.share >= NAMED)

    @property
    def has_drama(self) -> bool:
        """Whether the song's drama is named for certain enough."""
        return self.tied and self.drama is not None and self.drama.share >= NAMED

    @property
    def drama_fit(self) -> float:
        """How well the drama and its people are named."""
        if not self.tied:
            return 0.0
        named = self.drama.share if self.drama is not None else 0.0
        people = 0.7 if any(not name.weak for _, name in self.characters) else 0.3 if self.characters else 0.0
        return max(named, people)

    def _elsewhere(self, kind: Kind, *ids: str) -> list[_Found]:
        return [(seen, name) for seen, name in self.page.of(kind) if name.id in ids and seen.start != self.seen.start]

    @cached_property
    def setting(self) -> Setting:
        """How the title stands in the post."""
        return setting(self.page, self.seen)

    @cached_property
    def spelt_like_drama(self) -> bool:
        """Whether the very same spelling names the song's drama."""
        return self.tied and any(name.kind is Kind.DRAMA and name.id == self.song.drama for name in self.seen.names)

    @cached_property
    def singers(self) -> list[_Found]:
        """Where the song's singers are named."""
        return self._elsewhere(Kind.ARTIST, *self.song.artists)

    @cached_property
    def groups(self) -> list[_Found]:
        """Where a singer's group is named."""
        artists = self.lexicon.catalogue.artists
        return self._elsewhere(Kind.ARTIST, *{artists[key].group or "" for key in self.song.artists} - {""})

    @cached_property
    def dramas(self) -> list[_Found]:
        """Where the song's drama is named, other than by the spelling that is also its title."""
        alike = self.lexicon.spelled_like_drama if self.spelt_like_drama else frozenset()
        return [
            found
            for found in self._elsewhere(Kind.DRAMA, self.song.drama)
            if not alike or not any(name.kind is Kind.TITLE for name in found[0].names)
        ]

    @cached_property
    def characters(self) -> list[_Found]:
        """Where a character of the drama is named."""
        return self._elsewhere(Kind.CHARACTER, self.song.drama)

    @cached_property
    def cast(self) -> list[_Found]:
        """Where a leading actor of the drama is named, unless that is the singer."""
        own = {seen.start for seen, _ in self.singers}
        return [found for found in self._elsewhere(Kind.CAST, self.song.drama) if found[0].start not in own]

    @cached_property
    def singer(self) -> Tie | None:
        """The best naming of a singer."""
        return self._best(self.singers)

    @cached_property
    def drama(self) -> Tie | None:
        """The best naming of the drama."""
        return self._best(self.dramas)

    def _best(self, found: list[_Found]) -> Tie | None:
        ties = [self._tie(seen, name) for seen, name in found]
        return max(ties, key=lambda tie: (tie.share, tie.close, -tie.seen.start), default=None)

    def _tie(self, seen: Sighting, name: Name) -> Tie:
        close = is_close(self.page, self.seen, seen)
        if not name.weak:
            return Tie(seen, self.reach(seen), close)
        telling = self.title.bits >= SURE_TITLE_BITS
        if support := self._support(seen, name):
            share = support + 0.1 * close
        elif close:
            share = 0.7 if telling else 0.4
        else:
            share = 0.35 if telling else 0.15
        return Tie(seen, max(share, self._both_as_names(seen, name)) * self.reach(seen), close)

    def _both_as_names(self, seen: Sighting, name: Name) -> float:
        """What a common word is worth where it and the title both stand like names: hardly a chance meeting.

        Less for singers, who are called like everyday things more often than dramas are.
        """
        apart = self.setting.apart if self.title.bits >= SHORT_BITS else 0.0
        if self.page.words(seen)[0].islower() and seen.tag < 0:
            return 0.0
        if name.kind is Kind.DRAMA:
            return 0.9 * apart
        beside = is_close(self.page, self.seen, seen)
        return (0.8 if beside or self.page.said("ost") or self.page.said("music") else 0.5) * apart

    def _support(self, seen: Sighting, name: Name) -> float:
        """How well something else in the post shows that a common word is meant as this name."""
        others = [*self.singers, *self.dramas, *self.groups, *self.characters, *self.cast]
        other = [found for place, found in others if place.start != seen.start]
        if any(not found.weak and found.id != name.id for found in other):
            return 0.9
        if self.sisters or self.page.said("ost") or self.page.said("drama"):
            return 0.9 if len(self.sisters) > 1 else 0.75
        return 0.7 if any(found.id != name.id for found in other) else 0.0

    @cached_property
    def sisters(self) -> list[_Found]:
        """Where other songs of the same drama are named by titles of their own."""
        return [
            (seen, name)
            for seen, name in self._titles_by_drama.get(self.song.drama, ())
            if seen.start != self.seen.start
            and all(other.id != self.song.id for other in seen.names)
            and bits(name.spelling) >= SISTER_BITS
        ]

    @property
    def _titles_by_drama(self) -> dict[str, list[_Found]]:
        known: dict[str, list[_Found]] | None = self.page.known.get("titles by drama")
        if known is None:
            known = self.page.known["titles by drama"] = {}
            songs = self.lexicon.catalogue.songs
            for found in self.page.of(Kind.TITLE):
                known.setdefault(songs[found[1].id].drama, []).append(found)
        return known

    @cached_property
    def joined(self) -> bool:
        """Whether a singer, the drama or a character stands close to the title."""
        found = [*self.singers, *self.groups, *self.dramas]
        found += [one for one in self.characters if not one[1].weak]
        return any(self._belongs_with(seen, name) for seen, name in found)

    def _belongs_with(self, seen: Sighting, name: Name) -> bool:
        """Whether a title goes with a name close to it; any words of a sentence may stand beside a drama."""
        if not is_close(self.page, self.seen, seen):
            return False
        loose = name.kind is not Kind.ARTIST and self.setting.apart < 1 and self.page.words(self.seen).isascii()
        return not loose or is_joined(self.page, self.seen, seen)

    def reach(self, seen: Sighting) -> float:
        """1 for what stands near the title or in a field of its own, less for what is far off in a long text."""
        apart = self.page.field_of(seen) != 1 or self.page.field_of(self.seen) != 1
        return 1.0 if apart or distance(self.seen, seen) <= WINDOW else FAR_SHARE
