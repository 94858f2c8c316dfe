"""Every query of the report: the text that is run is the text that is printed beside the numbers."""

from __future__ import annotations

import re
from typing import Any

from sqlite_utils import Database

from models.flood import FEWEST
from tracker.report.week import ReportWeek
from tracker.store_copies import SEEN_COLUMNS

_SEEN = """with seen as (
    select mentions.song, posts.key, posts.platform,
        coalesce(posts.author, 'no name: ' || coalesce(posts.title, '') || coalesce(posts.text, '')) as author,
        posts.language, coalesce(tags.tag, 'untagged') as tag, coalesce(copies.cluster, posts.key) as cluster
    from posts join mentions on mentions.post = posts.key left join tags on tags.post = posts.key
    left join copies on copies.post = posts.key
    where posts.published_at >= :start and posts.published_at < :end and posts.first_seen_at <= :closes)
"""


def _of_seen(select: str) -> str:
    return _SEEN + select


QUERIES = {
    "chart": "select * from weekly_chart where week = :week order by rank",
    "scores": """select song, label, rank, score, surge, growth, breadth, engagement, posts, authors,
        coverage, growth_log2, state, confidence, version, json_extract(parts, '$.history') is not null as too_new
        from trend_scores where period = 'week' and start <= :start order by start, song""",
    "days": """select song, label as day, posts, authors, coverage from trend_scores
        where period = 'day' and start >= :since and start < :end order by start, song""",
    "songs": """select songs.id, songs.title, songs.hangul, songs.released, songs.tracked_since,
        dramas.id as drama, dramas.title as drama_title, dramas.hangul as drama_hangul, dramas.network
        from songs join dramas on dramas.id = songs.drama order by songs.id""",
    "singers": """select song_artists.song, artists.id, artists.name from song_artists
        join artists on artists.id = song_artists.artist order by song_artists.song, song_artists.position""",
    "events": """select subject, date, kind, note from events where date >= :since_day and date < :end_day
        union select id, last_aired, 'finale', title || ': last episode' from dramas
        where last_aired >= :since_day and last_aired < :end_day order by date, kind, subject, note""",
    "tags": _of_seen("select song, tag, count(*) as posts from seen group by song, tag order by song, posts desc, tag"),
    "song_languages": _of_seen(
        """select song, language, count(*) as posts from seen where language is not null
        group by song, language order by song, posts desc, language"""
    ),
    "platforms": _of_seen(
        """select song, platform, count(distinct author) as authors, count(*) as posts from seen
        group by song, platform order by song, authors desc, platform"""
    ),
    "accounts": _of_seen(
        """select song, sum(posts) as posts, sum(case when place <= 5 then posts else 0 end) as of_five
        from (select song, author, count(*) as posts,
        row_number() over (partition by song order by count(*) desc, author) as place
        from seen group by song, author)
        group by song order by song"""
    ),
    "copies": _of_seen(
        """select song, count(*) as posts, count(distinct cluster) as distinct_posts from seen
        group by song order by song"""
    ),
    "flood": _of_seen(
        f"""select seen.song, {SEEN_COLUMNS}
        from seen join posts on posts.key = seen.key left join copies on copies.post = seen.key
        where seen.song in (select song from seen group by song having count(*) >= {FEWEST})
        order by seen.song, posts.published_at, seen.key"""  # noqa: S608 - our own columns
    ),
    "usual_languages": """select mentions.song, posts.language, count(*) as posts
        from posts join mentions on mentions.post = posts.key
        where posts.published_at >= :since and posts.published_at < :start and posts.first_seen_at <= :closes
        and posts.language is not null group by mentions.song, posts.language
        order by mentions.song, posts.language""",
    "languages": """select language, count(case when published_at >= :start then 1 end) as posts,
        count(case when published_at < :start then 1 end) as last_week
        from posts where key in (select post from mentions) and (
        (published_at >= :start and published_at < :end and first_seen_at <= :closes)
        or (published_at >= :last_start and published_at < :start and first_seen_at <= :last_closes))
        group by language order by posts desc, last_week desc, language""",
    "first_covers": """select mentions.song, posts.language, min(posts.published_at) as first_at,
        count(*) as posts
        from posts join mentions on mentions.post = posts.key join tags on tags.post = posts.key
        where tags.tag = 'cover' and posts.language is not null and posts.published_at < :end
        and posts.first_seen_at <= :closes group by mentions.song, posts.language
        having min(posts.published_at) >= :start order by first_at, mentions.song, posts.language""",
    "examples": """select tags.tag, posts.key, posts.published_at, (select views from readings
        where readings.post = posts.key and observed_at <= :closes and views is not null
        order by observed_at desc, id desc limit 1) as views, coalesce(copies.cluster, posts.key) as cluster
        from posts join tags on tags.post = posts.key left join copies on copies.post = posts.key
        where posts.published_at >= :start and posts.published_at < :end and posts.first_seen_at <= :closes
        and posts.key in (select post from mentions) order by tags.tag, posts.published_at, posts.key""",
    "coverage": """select platform, hour, fraction from (
        select *, row_number() over (partition by platform, hour order by noted_at desc, id desc) as place
        from coverage where hour >= :start and hour < :end and noted_at <= :closes)
        where place = 1 order by platform, hour""",
    "spans": """select platform, min(at) as first, max(at) as last from (
        select platform, published_at as at from posts where first_seen_at <= :closes
        union all select platform, hour from coverage where noted_at <= :closes
        union all select replace(source, '_feed', ''), started_at from runs
        where started_at <= :closes and status in ('ok', 'partial') and source <> 'report')
        group by platform order by platform""",
    "seen_platforms": _of_seen(
        """select platform, count(distinct key) as posts, count(distinct author) as authors from seen
        group by platform order by platform"""
    ),
    "named": """select posts.source, count(distinct posts.key) as posts
        from posts join mentions on mentions.post = posts.key
        where posts.published_at >= :start and posts.published_at < :end and posts.first_seen_at <= :closes
        group by posts.source order by posts.source""",
    "runs": """select source, count(*) as runs, sum(status = 'failed') as failed,
        (select error from runs as last where last.source = runs.source and last.error is not null
        and last.started_at >= :start and last.started_at < :end order by started_at desc, id desc
        limit 1) as error
        from runs where started_at >= :start and started_at < :end and source <> 'report'
        group by source order by source""",
    "read": """select source, sum(posts) as posts from seen_counts where hour >= :start and hour < :end
        group by source order by source""",
    "lists": "select list, place, song, platforms from two_lists where week = :week order by list, place",
    "corrections": """select made_at, since, reason, rows_changed from corrections
        where since < :closes and until >= :closes order by id""",
    "alerts": """select song, raised_at, case when confirmed_at <= :closes then confirmed_at
        end as confirmed_at, case when withdrawn_at <= :closes then withdrawn_at end as withdrawn_at, score,
        case when strftime('%Y-%m-%dT%H:%M:%SZ', raised_at, '+48 hours') <= :closes then origin end as origin, sentence
        from alerts where raised_at >= :start and raised_at < :end order by raised_at, song""",
    "human": """select count(*) as posts from tags join posts on posts.key = tags.post where tags.by = 'human'
        and posts.published_at >= :start and posts.published_at < :end and posts.first_seen_at <= :closes""",
}
"""By name. Parameters are those of `ReportWeek.moments`."""


def ask(db: Database, name: str, week: ReportWeek) -> list[dict[str, Any]]:
    """The rows of a named query for one week."""
    return list(db.query(QUERIES[name], week.moments()))


def spelled(name: str, week: ReportWeek) -> str:
    """The query on one line with its values written in, ready to be pasted into Datasette or sqlite3."""
    values = week.moments()
    return re.sub(r":(\w+)", lambda match: f"'{values[match[1]]}'", " ".join(QUERIES[name].split()))
