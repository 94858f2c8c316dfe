"""What the database says became known in each hour: the scoring engine's only view of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from models.korean_time import KST, iso, moment
from models.post import TAGS
from models.trends.heard import TAG_WEIGHTS, Count, Heard, Line, Mention, number
from models.trends.memory import TrackedSong

HOUR = timedelta(hours=1)

_MENTIONS = """
select posts.key, mentions.song, posts.author, posts.platform, posts.published_at, posts.first_seen_at, tags.tag,
    coalesce(posts.title, '') || ' ' || coalesce(posts.text, '') as words,
    posts.author is not null and not exists (
        select 1 from posts as earlier join mentions as named on named.post = earlier.key
        where earlier.author = posts.author and named.song = mentions.song
            and (earlier.first_seen_at, earlier.published_at, earlier.key)
                < (posts.first_seen_at, posts.published_at, posts.key)
    ) as new
from posts join mentions on mentions.post = posts.key left join tags on tags.post = posts.key
where posts.first_seen_at >= :start and posts.first_seen_at < :stop
order by posts.first_seen_at, posts.key, mentions.song
"""
_POSTS = """
select distinct platform, substr(published_at, 1, 13), substr(first_seen_at, 1, 13) from posts
where first_seen_at >= :start and first_seen_at < :stop
"""
_READINGS = """
select readings.post, readings.observed_at, readings.views, readings.likes, readings.comments, mentions.song
from readings join mentions on mentions.post = readings.post
where readings.observed_at >= :start and readings.observed_at < :stop
order by readings.observed_at, readings.id, mentions.song
"""
_LINES = """
select platform, hour, fraction, noted_at from coverage where noted_at > :start and noted_at <= :stop
order by noted_at, id
"""
_RUNS = """
select source, started_at, finished_at from runs
where finished_at >= :start and finished_at < :stop and status in ('ok', 'partial') and source <> 'report'
order by finished_at, id
"""


def hours_heard(db: Database, start: int, stop: int, *, everything_before: bool = False) -> Iterator[Heard]:
    """What became known in each hour from `start` to `stop` (epoch hours), held in memory for that stretch only.

    `everything_before` hands what was known before `start` to the first hour: for a database's very first one.
    """
    bounds = {"start": "" if everything_before else text_of(start), "stop": text_of(stop)}
    mentions, counts, read = _mentions(db, bounds, start), *_readings(db, bounds, start)
    lines, alive = _lines(db, bounds, start), _alive(db, bounds, start)
    for hour in range(start, stop):
        yield Heard(
            mentions.get(hour, ()), counts.get(hour, ()), lines.get(hour, ()), sorted(alive[hour]), sorted(read[hour])
        )


_NEXT = """
select min(known) from (
    select min(first_seen_at) as known from posts where first_seen_at >= :start
    union all select min(observed_at) from readings where observed_at >= :start
    union all select min(noted_at) from coverage where noted_at > :start
    union all select min(finished_at) from runs
        where finished_at >= :start and status in ('ok', 'partial') and source <> 'report'
)
"""


def silent_until(db: Database, start: int) -> int | None:
    """The hour up to which nothing becomes known from the hour `start` on; None where nothing ever does."""
    known = db.execute(_NEXT, {"start": text_of(start)}).fetchone()[0]
    return max(hour_number(known) - 1, start) if known else None


def tracked_songs(db: Database) -> list[TrackedSong]:
    """Every song, in the order of ids."""
    rows = db.execute("select id, tracked_since, released from songs order by id")
    return [TrackedSong(song, _hour(since), _hour(released)) for song, since, released in rows]


def known_hours(db: Database) -> tuple[int, int] | None:
    """The first hour of anything known and the end of the last; None where there is nothing. In epoch hours."""
    firsts, lasts = [], []
    for table, column in (("posts", "first_seen_at"), ("readings", "observed_at"), ("coverage", "hour")):
        first, last = db.execute(f"select min({column}), max({column}) from {table}").fetchone()  # noqa: S608
        if first is not None:
            firsts.append(hour_number(first))
            lasts.append(hour_number(last) + 1)
    return (min(firsts), max(lasts)) if firsts else None


def hour_number(text: str) -> int:
    """The epoch hour that holds a stored moment."""
    return int(moment(text).timestamp()) // 3600


def moment_of(hour: int) -> datetime:
    """The moment at which an epoch hour begins."""
    return datetime.fromtimestamp(hour * 3600, UTC)


def text_of(hour: int) -> str:
    """The stored form of the moment at which an epoch hour begins."""
    return iso(moment_of(hour))


def _mentions(db: Database, bounds: dict[str, str], first: int) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    for key, song, author, platform, published, seen, tag, words, new in db.execute(_MENTIONS, bounds):
        tag = tag or "other"
        who = writer_of(key, author, words)
        at = int(moment(published).timestamp())
        one = Mention(number(key), song, number(who), platform, TAGS.index(tag), TAG_WEIGHTS[tag], at, bool(new))
        found[max(hour_number(seen), first)].append(one)
    return found


def writer_of(key: str, author: str | None, words: str) -> str:
    """Who wrote a post: its author; without one each post is a person of its own, but copies of one text are one."""
    if author:
        return f"author:{author}"
    plain = " ".join(words.casefold().split())
    return f"text:{plain}" if plain else f"post:{key}"


def _readings(
    db: Database, bounds: dict[str, str], first: int
) -> tuple[dict[int, list[Count]], defaultdict[int, set[str]]]:
    counts: dict[int, list[Count]] = defaultdict(list)
    songs: defaultdict[int, set[str]] = defaultdict(set)
    last: tuple[Any, ...] = ()
    for post, observed, views, likes, comments, song in db.execute(_READINGS, bounds):
        hour = max(hour_number(observed), first)
        songs[hour].add(song)
        if (post, observed) == last:
            continue
        last = (post, observed)
        stated = [count for count in (likes, comments) if count is not None]
        reactions = sum(stated) if stated else None
        counts[hour].append(Count(number(post), int(moment(observed).timestamp()), views, reactions))
    return counts, songs


def _lines(db: Database, bounds: dict[str, str], first: int) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for platform, hour, fraction, noted in db.execute(_LINES, bounds):
        known = -(-int(moment(noted).timestamp()) // 3600) - 1
        found[max(known, first)].append(Line(platform, hour_number(hour), fraction))
    return found


def _alive(db: Database, bounds: dict[str, str], first: int) -> defaultdict[int, set[tuple[str, int]]]:
    found: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    for platform, published, seen in db.execute(_POSTS, bounds):
        found[max(hour_number(f"{seen}:00Z"), first)].add((platform, hour_number(f"{published}:00Z")))
    for source, started, finished in db.execute(_RUNS, bounds):
        found[max(hour_number(finished), first)].add((source.removesuffix("_feed"), hour_number(started)))
    return found


def _hour(text: str | None) -> int | None:
    """The epoch hour of a stored moment, or of the Korean day (month, year) that is all that is known."""
    if not text:
        return None
    if "T" in text:
        return hour_number(text)
    numbers = [int(part) for part in re.findall(r"\d+", text)[:3]]
    year, month, day = (*numbers, *(1, 1)[len(numbers) - 1 :])[:3]
    return int(datetime(year, month, day, tzinfo=KST).timestamp()) // 3600
