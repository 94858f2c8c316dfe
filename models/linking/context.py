"""What a post says around a title that ties it to one song: singers, drama, characters, words of music."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from models.linking.candidate import SISTER_BITS, Candidate
from models.linking.evidence import Piece, piece
from models.linking.lexicon import packaged
from models.linking.nearness import between, distance
from models.linking.setting import SHORT_BITS
from models.linking.sightings import Sighting

MUSIC_REACH = 60
CHARACTER_SHARE = 0.7
"""A character stands for the drama, but characters of one name are in many."""
BESIDE = 14
"""Characters between a title and a singer who stands right beside it."""


def context_evidence(candidate: Candidate) -> Iterator[Piece]:
    """What ties the title to its song, and what the post says of whatever song."""
    if candidate.tied:
        yield from _ties(candidate)
        yield from _people(candidate)
        yield from _place(candidate)
    yield from _topic(candidate)


def _ties(candidate: Candidate) -> Iterator[Piece]:
    page, singer, drama = candidate.page, candidate.singer, candidate.drama
    if singer is not None:
        yield piece("singer named", page.words(singer.seen), singer.share)
        if len({name.id for _, name in candidate.singers}) > 1:
            yield piece("several singers", "", singer.share)
    if drama is not None:
        yield piece("drama named", page.words(drama.seen), drama.share)
    if singer is not None and drama is not None:
        yield piece("both singer and drama", "", min(singer.share, drama.share))
    known = max((tie.share for tie in (singer, drama) if tie is not None), default=0.0)
    if any(not name.weak for _, name in candidate.characters):
        known = max(known, CHARACTER_SHARE)
    if candidate.setting.apart and not candidate.spelt_like_drama:
        yield piece("stands as a name", "", min(known, candidate.setting.apart))
    if candidate.groups and (singer is None or singer.share < 1):
        yield piece("group named", page.words(candidate.groups[0][0]), 1.0 if singer is not None else 0.7)
    if candidate.sisters and (singer is not None or drama is not None or candidate.characters):
        share = 1.0 if len(candidate.sisters) == 1 else 1.4
        if not candidate.setting.apart and candidate.title.bits < SHORT_BITS:
            share *= 0.4  # a lone everyday word stands beside anything
        yield piece("with other songs of its drama", page.words(candidate.sisters[0][0]), share)


def _people(candidate: Candidate) -> Iterator[Piece]:
    page = candidate.page
    share = 1.0 - 0.65 * candidate.drama.share if candidate.drama is not None else 1.0
    if candidate.characters:
        strong = [found for found in candidate.characters if not found[1].weak]
        seen, name = (strong or candidate.characters)[0]
        yield piece("character named", page.words(seen), share * (0.5 if name.weak else 1.0))
        others = {other.spelling for _, other in candidate.characters} - {name.spelling}
        if others:
            yield piece("character named", min(others), share * 0.4)
    if candidate.cast:
        yield piece("actor named", page.words(candidate.cast[0][0]), share)


def _place(candidate: Candidate) -> Iterator[Piece]:
    page = candidate.page
    if candidate.joined:
        yield piece("next to its singer or drama")
    beside = [found for found in candidate.singers if _stands_beside(candidate, found[0])]
    if beside:
        seen, name = min(beside, key=lambda found: found[1].weak)
        share = 1.0 if candidate.title.bits >= SISTER_BITS else 0.5
        yield piece("right beside its singer", page.words(seen), share * (0.6 if name.weak else 1.0))
        return
    if _is_silent_on_music(candidate):
        return  # any word may stand beside the name of a drama
    for seen, name in candidate.dramas:
        if not name.weak and candidate.joined and _stands_beside(candidate, seen):
            yield piece("right beside its drama", page.words(seen))
            return


def _stands_beside(candidate: Candidate, singer: Sighting) -> bool:
    """ "NAME - Title", "Title by NAME", "NAME's Title", "NAME 'Title'", "Title (NAME)", "NAME의 Title"."""
    first, second = sorted((candidate.seen, singer), key=lambda seen: seen.start)
    return second.start - first.end <= BESIDE and between(candidate.page, candidate.seen, singer) <= 1


def _topic(candidate: Candidate) -> Iterator[Piece]:
    page = candidate.page
    ost = [seen for seen in candidate.page.said("ost") if _belongs(candidate, seen)]
    if ost:
        yield piece("OST word", page.words(ost[0]), candidate.reach(ost[0]))
    words = candidate.page.said("drama")
    if words and not ost and not (candidate.tied and candidate.drama is not None):
        yield piece("drama word", page.words(words[0]), candidate.reach(words[0]))
    music = [seen for seen in candidate.page.said("music") if _in_reach(candidate, seen)]
    if music:
        nearest = min(music, key=lambda seen: distance(seen, candidate.seen))
        yield piece("music word", page.words(nearest), 1.35 if distance(nearest, candidate.seen) <= 2 else 1.0)
    elif any_music := candidate.page.said("music"):
        yield piece("music word", page.words(any_music[0]), 0.35)
    if _is_silent_on_music(candidate):
        yield piece("no word of music")
    activity = candidate.page.said("activity")
    if activity and not music:
        nearest = min(activity, key=lambda seen: distance(seen, candidate.seen))
        near = distance(nearest, candidate.seen) <= 2
        yield piece("edit, challenge or reaction", page.words(nearest), 1.0 if near else 0.45)


_MUSIC_SIGN = re.compile("[♪♫♬🎵🎶🎼🎤🎧🎹🎸🎻🎺🎷🥁🪕]")


def _is_silent_on_music(candidate: Candidate) -> bool:
    """Whether nothing in a post has to do with a song, and the title stands like any words of a sentence."""
    page = candidate.page
    if any(page.said(group) for group in ("ost", "music", "activity")) or _MUSIC_SIGN.search(page.cased):
        return False
    if candidate.setting.apart >= 1:
        return False
    singers = (*candidate.singers, *candidate.groups)
    return not candidate.heard and not candidate.sisters and all(name.weak for _, name in singers)


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
