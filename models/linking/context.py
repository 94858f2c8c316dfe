"""What a post says around a title that ties it to one song: singers, drama, characters, words of music."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from models.catalogue import Song
from models.linking.evidence import Evidence, evidence
from models.linking.lexicon import Kind, Lexicon, Name, packaged
from models.linking.nearness import between, distance, is_close, is_joined
from models.linking.setting import SHORT_BITS, Setting, setting
from models.linking.sightings import Document, Sighting
from models.linking.surprise import bits

WINDOW = 400
"""In a long text what stands further from the title than this speaks of something else as often as not."""
FAR_SHARE = 0.6
MUSIC_REACH = 60
SURE_TITLE_BITS = 16.0
SISTER_BITS = 11.0
CHARACTER_SHARE = 0.7
"""A character stands for the drama, but characters of one name are in many."""
BESIDE = 14
"""Characters between a title and a singer who stands right beside it."""

_Found = tuple[Sighting, Name]


@dataclass(frozen=True)
class Tie:
    """The best sighting that ties a title to its song, with the share of its full weight that it is worth."""

    seen: Sighting
    share: float
    close: bool


class Candidate:
    """One song that one spelling in a post may mean."""

    def __init__(self, page: Document, lexicon: Lexicon, seen: Sighting, name: Name) -> None:
        self.page = page
        self.lexicon = lexicon
        self.seen = seen
        self.name = name
        self.song: Song = lexicon.catalogue.songs[name.id]
        self.heard = False
        """Whether the post uses a recording that is known to be of this song."""

    def _elsewhere(self, kind: Kind, *ids: str) -> list[_Found]:
        return [(seen, name) for seen, name in self.page.of(kind) if name.id in ids and seen.start != self.seen.start]

    @cached_property
    def setting(self) -> Setting:
        """How the title stands in the post."""
        return setting(self.page, self.seen)

    @cached_property
    def spelt_like_drama(self) -> bool:
        """Whether the very same spelling names the song's drama."""
        return any(name.kind is Kind.DRAMA and name.id == self.song.drama for name in self.seen.names)

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

    def words(self, group: str) -> list[Sighting]:
        """Where words of a list stand."""
        return [seen for seen, name in self.page.of(Kind.WORD) if name.id == group]

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
        telling = bits(self.name.spelling) >= SURE_TITLE_BITS
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
        apart = self.setting.apart if bits(self.name.spelling) >= SHORT_BITS else 0.0
        if self.page.words(seen)[0].islower() and seen.tag < 0:
            return 0.0
        if name.kind is Kind.DRAMA:
            return 0.9 * apart
        beside = is_close(self.page, self.seen, seen)
        return (0.8 if beside or self.words("ost") or self.words("music") else 0.5) * apart

    def _support(self, seen: Sighting, name: Name) -> float:
        """How well something else in the post shows that a common word is meant as this name."""
        others = [*self.singers, *self.dramas, *self.groups, *self.characters, *self.cast]
        other = [found for place, found in others if place.start != seen.start]
        if any(not found.weak and found.id != name.id for found in other):
            return 0.9
        if self.sisters or self.words("ost") or self.words("drama"):
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
    def tied(self) -> bool:
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


def context_evidence(candidate: Candidate) -> Iterator[Evidence]:
    """What ties the title to its song."""
    page, singer, drama = candidate.page, candidate.singer, candidate.drama
    if singer is not None:
        yield evidence("singer named", page.words(singer.seen), singer.share)
        if len({name.id for _, name in candidate.singers}) > 1:
            yield evidence("several singers", "", singer.share)
    if drama is not None:
        yield evidence("drama named", page.words(drama.seen), drama.share)
    if singer is not None and drama is not None:
        yield evidence("both singer and drama", "", min(singer.share, drama.share))
    known = max((tie.share for tie in (singer, drama) if tie is not None), default=0.0)
    if any(not name.weak for _, name in candidate.characters):
        known = max(known, CHARACTER_SHARE)
    if candidate.setting.apart and not candidate.spelt_like_drama:
        yield evidence("stands as a name", "", min(known, candidate.setting.apart))
    if candidate.groups and (singer is None or singer.share < 1):
        yield evidence("group named", page.words(candidate.groups[0][0]), 1.0 if singer is not None else 0.7)
    if candidate.sisters and (singer is not None or drama is not None or candidate.characters):
        share = 1.0 if len(candidate.sisters) == 1 else 1.4
        if not candidate.setting.apart and bits(candidate.name.spelling) < SHORT_BITS:
            share *= 0.4  # a lone everyday word stands beside anything
        yield evidence("with other songs of its drama", page.words(candidate.sisters[0][0]), share)
    yield from _people(candidate)
    yield from _place(candidate)
    yield from _topic(candidate)


def _people(candidate: Candidate) -> Iterator[Evidence]:
    page = candidate.page
    share = 1.0 - 0.65 * candidate.drama.share if candidate.drama is not None else 1.0
    if candidate.characters:
        strong = [found for found in candidate.characters if not found[1].weak]
        seen, name = (strong or candidate.characters)[0]
        yield evidence("character named", page.words(seen), share * (0.5 if name.weak else 1.0))
        others = {other.spelling for _, other in candidate.characters} - {name.spelling}
        if others:
            yield evidence("character named", min(others), share * 0.4)
    if candidate.cast:
        yield evidence("actor named", page.words(candidate.cast[0][0]), share)


def _place(candidate: Candidate) -> Iterator[Evidence]:
    page = candidate.page
    if candidate.tied:
        yield evidence("next to its singer or drama")
    beside = [found for found in candidate.singers if _stands_beside(candidate, found[0])]
    if beside:
        seen, name = min(beside, key=lambda found: found[1].weak)
        share = 1.0 if bits(candidate.name.spelling) >= SISTER_BITS else 0.5
        yield evidence("right beside its singer", page.words(seen), share * (0.6 if name.weak else 1.0))
        return
    for seen, name in candidate.dramas:
        if not name.weak and candidate.tied and _stands_beside(candidate, seen):
            yield evidence("right beside its drama", page.words(seen))
            return


def _stands_beside(candidate: Candidate, singer: Sighting) -> bool:
    """ "NAME - Title", "Title by NAME", "NAME's Title", "NAME 'Title'", "Title (NAME)", "NAME의 Title"."""
    first, second = sorted((candidate.seen, singer), key=lambda seen: seen.start)
    return second.start - first.end <= BESIDE and between(candidate.page, candidate.seen, singer) <= 1


def _topic(candidate: Candidate) -> Iterator[Evidence]:
    page = candidate.page
    ost = [seen for seen in candidate.words("ost") if _belongs(candidate, seen)]
    if ost:
        yield evidence("OST word", page.words(ost[0]), candidate.reach(ost[0]))
    words = candidate.words("drama")
    if words and not ost and candidate.drama is None:
        yield evidence("drama word", page.words(words[0]), candidate.reach(words[0]))
    music = [seen for seen in candidate.words("music") if _in_reach(candidate, seen)]
    if music:
        nearest = min(music, key=lambda seen: distance(seen, candidate.seen))
        yield evidence("music word", page.words(nearest), 1.35 if distance(nearest, candidate.seen) <= 2 else 1.0)
    elif any_music := candidate.words("music"):
        yield evidence("music word", page.words(any_music[0]), 0.35)
    activity = candidate.words("activity")
    if activity and not music:
        nearest = min(activity, key=lambda seen: distance(seen, candidate.seen))
        near = distance(nearest, candidate.seen) <= 2
        yield evidence("edit, challenge or reaction", page.words(nearest), 1.0 if near else 0.45)


def _in_reach(candidate: Candidate, seen: Sighting) -> bool:
    page = candidate.page
    if page.field_of(seen) == 2:
        return seen.tag >= 0 and seen.tag == candidate.seen.tag
    return page.field_of(seen) == page.field_of(candidate.seen) and distance(seen, candidate.seen) <= MUSIC_REACH


def _belongs(candidate: Candidate, ost: Sighting) -> bool:
    """Whether "OST" is not that of a work that the post names right before it and that we do not know."""
    page = candidate.page
    before = page.folded[max(0, ost.start - 30) : ost.start]
    line = before.rpartition("\n")[2].rstrip(" '\"#")
    if not line or not line[-1].isalnum():
        return True
    end = ost.start - (len(before) - len(before.rstrip(" '\"#")))
    return any(seen.start < end <= seen.end for seen in page.sightings) or line.split()[-1] in _ost_leads()


@cache
def _ost_leads() -> frozenset[str]:
    return frozenset(packaged("particles.toml")["ost_leads"])
