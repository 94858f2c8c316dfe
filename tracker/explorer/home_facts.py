"""The facts of the home page, read from the database in a handful of bounded queries."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.korean_time import DAY, KST, WEEK, WEEK_CLOSES_AFTER, day_of, iso, moment

CHART_ROWS = 20
SPARK_DAYS = 28
MOST_POSTS = 10_000
"""Of a window's posts at most so many, the newest, are looked through, so that a busy week cannot stall the page."""
LOUDEST = 8
ALERTS = 12
LISTS, LISTED = ("everywhere", "one place, fast"), 5

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One song of the last chart; `row` is its row of weekly_chart, `days` its daily scores, oldest first."""

    row: Row
    tags: Mapping[str, int]
    days: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """All that the home page says.

    `now` is the end of the last scored hour; None: nothing was scored yet. `crowded`: the week has more than
    MOST_POSTS posts, and the mixes of tags are of the newest of them. `lists` are the first of the week's lists
    "everywhere" and "one place, fast".
    """

    demo: bool
    has_posts: bool
    now: str | None
    week: str | None
    first_day: str | None
    last_day: str | None
    rows: tuple[ChartRow, ...]
    lists: Mapping[str, tuple[Row, ...]]
    alerts: tuple[Row, ...]
    loudest: tuple[Row, ...]
    platforms: tuple[Row, ...]
    sources: tuple[Row, ...]
    imports: int
    crowded: bool

    @property
    def stage(self) -> str:
        """What there is to show: 'empty', 'unscored', 'no week' or 'chart'."""
        if not self.has_posts and not self.rows:
            return "empty"
        if self.now is None:
            return "unscored"
        return "chart" if self.rows else "no week"


def read_home(connection: sqlite3.Connection) -> Home:
    """The facts as the database holds them now; `connection` has sqlite3.Row as its row factory."""
    meta = {row["key"]: row["value"] for row in _ask(connection, "select key, value from meta")}
    now = meta.get("scored_until")
    week = _one(connection, _LAST_WEEK)
    start = moment(week["start"]) if week else None
    recent = _last_seven_days(moment(now)) if now else None
    return Home(
        demo=meta.get("demo") == "1",
        has_posts=_one(connection, "select 1 from posts limit 1") is not None,
        now=now,
        week=week["label"] if week else None,
        first_day=_korean_day(start) if start else None,
        last_day=_korean_day(start + 6 * DAY) if start else None,
        rows=_chart(connection, week["label"], start, now) if week and start and now else (),
        lists=_lists(connection, week["label"]) if week else {name: () for name in LISTS},
        alerts=_ask(connection, _ALERTS, recent) if recent else (),
        loudest=_ask(connection, _LOUDEST, recent) if recent else (),
        platforms=_ask(connection, _PLATFORMS, recent) if recent else (),
        sources=_ask(connection, "select * from source_health order by source"),
        imports=_ask(connection, "select count(*) as files from imports")[0]["files"],
        crowded=start is not None and len(_ask(connection, _CROWD, _window(start))) > MOST_POSTS,
    )


def _chart(connection: sqlite3.Connection, week: str, start: datetime, now: str) -> tuple[ChartRow, ...]:
    tags = _tags(connection, start)
    today = day_of(moment(now))
    starts = [iso(today - back * DAY) for back in range(SPARK_DAYS, 0, -1)]
    days = _ask(connection, _DAYS, {"from": starts[0], "until": iso(today)})
    scores = {(day["song"], day["start"]): day["score"] for day in days}
    return tuple(
        ChartRow(row, tags.get(row["song"], {}), tuple(scores.get((row["song"], at)) for at in starts))
        for row in _ask(connection, _CHART, {"week": week, "limit": CHART_ROWS})
    )


def _lists(connection: sqlite3.Connection, week: str) -> dict[str, tuple[Row, ...]]:
    rows = _ask(connection, "select * from two_lists where week = :week order by place", {"week": week})
    return {name: tuple(row for row in rows if row["list"] == name)[:LISTED] for name in LISTS}


def _tags(connection: sqlite3.Connection, start: datetime) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _ask(connection, _TAGS, _window(start)):
        counted[row["song"]][row["tag"]] = row["posts"]
    return counted


def _window(start: datetime) -> dict[str, Any]:
    end = start + WEEK
    return {"from": iso(start), "until": iso(end), "closes": iso(end + WEEK_CLOSES_AFTER), "most": MOST_POSTS}


def _last_seven_days(now: datetime) -> dict[str, Any]:
    return {
        "from": iso(now - timedelta(days=7)),
        "now": iso(now),
        "loudest": LOUDEST,
        "alerts": ALERTS,
        "most": MOST_POSTS,
    }


def _korean_day(start: datetime) -> str:
    local = start.astimezone(KST)
    return f"{local.day} {local:%B %Y}"


def _ask(connection: sqlite3.Connection, sql: str, values: Mapping[str, Any] | None = None) -> tuple[Row, ...]:
    return tuple(dict(row) for row in connection.execute(sql, dict(values or {})))


def _one(connection: sqlite3.Connection, sql: str) -> Row | None:
    return next(iter(_ask(connection, sql)), None)


_LAST_WEEK = """
select label, start from trend_scores where period = 'week' and rank is not null order by start desc limit 1
"""

_CHART = "select * from weekly_chart where week = :week order by rank limit :limit"

_DAYS = """
select song, start, score from trend_scores where period = 'day' and start >= :from and start < :until
"""

_TAGS = """
select mentions.song, coalesce(tags.tag, 'other') as tag, count(*) as posts
from (
  select key from posts where published_at >= :from and published_at < :until and first_seen_at <= :closes
  order by published_at desc limit :most
) as newest join mentions on mentions.post = newest.key left join tags on tags.post = newest.key
group by mentions.song, tags.tag
"""

_CROWD = "select 1 from posts where published_at >= :from and published_at < :until limit :most + 1"

_ALERTS = """
select alerts.*, songs.title, songs.hangul,
  case when withdrawn_at is not null then 'withdrawn' when confirmed_at is not null then 'confirmed'
    else 'not confirmed' end as standing
from alerts join songs on songs.id = alerts.song
where raised_at > :from and raised_at <= :now order by raised_at desc, alerts.id desc limit :alerts
"""

_LOUDEST = """
with loud as (
  select newest.key, last_reading.views, last_reading.likes
  from (
    select key from posts where published_at > :from and published_at <= :now order by published_at desc limit :most
  ) as newest join readings as last_reading on last_reading.id = (
    select id from readings where readings.post = newest.key and observed_at <= :now
    order by observed_at desc, id desc limit 1)
  where coalesce(last_reading.views, last_reading.likes) is not null
  order by last_reading.views desc nulls last, last_reading.likes desc nulls last, newest.key limit :loudest
)
select posts.key, posts.platform, posts.title, posts.text, posts.url, posts.language, posts.published_at, tags.tag,
  loud.views, loud.likes, (select songs.title from mentions join songs on songs.id = mentions.song
    where mentions.post = posts.key order by mentions.confidence desc limit 1) as song
from loud join posts on posts.key = loud.key left join tags on tags.post = posts.key
order by loud.views desc nulls last, loud.likes desc nulls last, posts.key
"""

_PLATFORMS = """
select platform, count(*) as hours, avg(fraction) as collected, sum(fraction < 0.5) as gaps, max(hour) as last_hour
from (
  select platform, hour, fraction,
    row_number() over (partition by platform, hour order by noted_at desc, id desc) as place
  from coverage where hour >= :from and hour < :now and noted_at <= :now
) where place = 1 group by platform order by platform
"""
