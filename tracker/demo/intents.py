"""What people set out to post, part by part of the story, before it is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.korean_time import HOUR
from tracker.demo import people, story, times, wording
from tracker.demo.acts import Chatter, Shares, Steady, Wave
from tracker.demo.chance import Chance

_PLATFORMS: dict[str, Shares] = {
    "ko": {"youtube": 28, "x": 24, "naver": 18, "instagram": 15, "tiktok": 15},
    "en": {"youtube": 25, "tiktok": 22, "reddit": 16, "x": 14, "instagram": 10, "mastodon": 7, "bluesky": 6},
    "ja": {"x": 32, "youtube": 24, "tiktok": 14, "instagram": 14, "mastodon": 9, "bluesky": 7},
}
_ELSEWHERE: Shares = {"tiktok": 34, "youtube": 24, "x": 20, "instagram": 17, "mastodon": 2, "reddit": 3}

_CAPTIONED = ("tiktok", "instagram")

_UNLINKED_TAGS: Shares = {"other": 70, "reaction": 14, "cover": 7, "edit": 6, "challenge": 3}
_UNLINKED_KINDS: Shares = {
    "ordinary": 22,
    "namesake": 16,
    "drama": 27,
    "artist": 12,
    "everyday": 18,
    "spam": 5,
}


@dataclass(frozen=True)
class Intent:
    """What somebody sets out to post, before it is put into words."""

    songs: tuple[str, ...]
    tag: str
    language: str
    platform: str
    published: datetime
    pattern: str
    wording: str | None = None
    drama: str | None = None
    heat: float = 1.0
    author: str | None = None


def parts() -> Iterator[tuple[str, Iterator[Intent]]]:
    """Every part of the story by its name, with what is posted in it."""
    for steady in story.STEADY:
        yield f"steady {steady.song}", _steady(steady)
    for number, wave in enumerate(story.WAVES):
        yield f"wave {number} {wave.song}", _wave(wave, number)
    for chatter in story.CHATTER:
        yield f"chatter {chatter.topic}", _chatter(chatter)


def _steady(steady: Steady) -> Iterator[Intent]:
    chance = Chance("steady", steady.song)
    days = (story.END - steady.since) / (24 * HOUR)
    companions = [other.song for other in story.STEADY if other.song != steady.song and other.since <= steady.since]
    for _ in range(round(steady.per_day * days)):
        language = chance.weighted(story.AUDIENCES[steady.audience])
        published = times.steady_moment(steady.since, story.END, language, steady.song, chance)
        platform = chance.weighted(_PLATFORMS.get(language, _ELSEWHERE))
        tag = chance.weighted(story.USUAL)
        songs: tuple[str, ...] = (steady.song,)
        medleys = wording.phrases(language)["medley"].get(tag, ())
        if medleys and chance.happens(0.08):
            songs, pattern = (steady.song, chance.pick(companions)), chance.pick(medleys)
        else:
            pattern = _pattern(language, platform, tag, chance)
        yield Intent(songs, tag, language, platform, published, pattern)


def _wave(wave: Wave, number: int) -> Iterator[Intent]:
    chance = Chance("wave", wave.song, number)
    known: dict[str, list[str]] = {}
    for _ in range(wave.posts):
        language = chance.weighted(story.AUDIENCES[wave.audience])
        author = None
        if wave.wording == "flood":
            language = language if language in ("ko", "en") else "en"
        platform = chance.weighted(wave.platforms or _PLATFORMS.get(language, _ELSEWHERE))
        published = times.wave_moment(wave, language, chance)
        tag = chance.weighted(wave.tags)
        if wave.accounts:
            author = _one_of(wave.accounts, known.setdefault(platform, []), platform, chance)
        pattern = (
            chance.pick(wording.phrases(language)["flood"][tag])
            if wave.wording == "flood"
            else _pattern(language, platform, tag, chance)
        )
        kind = None if wave.wording == "flood" else wave.wording
        yield Intent((wave.song,), tag, language, platform, published, pattern, kind, None, wave.heat, author)


def _one_of(limit: int, known: list[str], platform: str, chance: Chance) -> str:
    """The next account of a flood: new ones until there are `limit`, then one of these."""
    if len(known) < limit:
        known.append(people.account(platform, chance))
        return known[-1]
    return chance.pick(known)


def _chatter(chatter: Chatter) -> Iterator[Intent]:
    chance = Chance("chatter", chatter.topic)
    for _ in range(chatter.posts):
        language = "ko" if chatter.topic == "rain" else chance.weighted(story.AUDIENCES[chatter.audience])
        published = times.steady_moment(chatter.start, chatter.end, language, chatter.topic, chance)
        platform = chance.weighted(_PLATFORMS.get(language, _ELSEWHERE))
        tag, pattern = _unlinked(chatter, language, chance)
        drama = chatter.topic if chatter.topic in story.ON_AIR else _drama_then(published, chance)
        yield Intent((), tag, language, platform, published, pattern, None, drama)


def _unlinked(chatter: Chatter, language: str, chance: Chance) -> tuple[str, str]:
    """A tag and a pattern that names no song."""
    lists = wording.phrases(language)
    if chatter.topic == "rain":
        return "other", chance.pick(lists["rain"]["other"])
    if chatter.topic in story.ON_AIR:
        tag = chance.weighted({"reaction": 60, "other": 32, "edit": 8})
        return tag, chance.pick(lists["unlinked"][tag]["drama"])
    offered = lists["unlinked"]
    tag = chance.weighted({tag: weight for tag, weight in _UNLINKED_TAGS.items() if tag in offered})
    kind = chance.weighted({kind: weight for kind, weight in _UNLINKED_KINDS.items() if kind in offered[tag]})
    return tag, chance.pick(offered[tag][kind])


def _drama_then(published: datetime, chance: Chance) -> str:
    while True:
        drama = chance.pick(list(wording.names()["drama"]))
        first, last = story.ON_AIR.get(drama, (story.START, story.END))
        if first <= published < last:
            return drama


def _pattern(language: str, platform: str, tag: str, chance: Chance) -> str:
    lists = wording.phrases(language)
    bare = lists["bare"].get(tag, ())
    if bare and chance.happens(0.06):
        return str(chance.pick(bare))
    as_video = platform == "youtube" or (platform in _CAPTIONED and chance.happens(0.6))
    return str(chance.pick(lists[tag]["video" if as_video else "text"]))
