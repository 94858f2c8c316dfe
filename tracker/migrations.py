"""The schema, one frozen step after another: a released step is never edited, a new one is added below."""

from __future__ import annotations

import sqlite_utils
from sqlite_utils import Migrations

MIGRATIONS = Migrations("ostpulse")

_TABLES = """
create table meta (key text primary key, value text not null) strict;

create table dramas (
    id text primary key, title text not null, hangul text, network text, first_aired text, last_aired text,
    aliases text not null check (json_valid(aliases))
) strict;
create table artists (
    id text primary key, name text not null, hangul text, kind text, member_of text,
    aliases text not null check (json_valid(aliases))
) strict;
create table songs (
    id text primary key, title text not null, hangul text, drama text not null references dramas(id),
    part text, released text, language text, ambiguous integer not null, tracked_since text,
    aliases text not null check (json_valid(aliases))
) strict;
create table song_artists (
    song text not null references songs(id), artist text not null references artists(id), position integer not null,
    primary key (song, artist)
) strict, without rowid;
create table events (
    id integer primary key, subject text not null, date text not null, kind text not null, note text not null,
    unique (subject, date, kind, note)
) strict;

create table posts (
    key text primary key, platform text not null, url text, author text, title text, text text,
    hashtags text not null check (json_valid(hashtags)), sound text, language text,
    published_at text not null, first_seen_at text not null, source text not null, last_seen_at text not null default ''
) strict;
create index posts_published on posts (published_at);
create index posts_first_seen on posts (first_seen_at);
create index posts_author on posts (author);

create table readings (
    id integer primary key, post text not null references posts(key) on delete cascade, observed_at text not null,
    views integer, likes integer, comments integer, shares integer, source text not null,
    unique (post, observed_at, source)
) strict;
create index readings_observed on readings (observed_at);

create table mentions (
    post text not null references posts(key) on delete cascade, song text not null references songs(id),
    confidence real not null, evidence text not null check (json_valid(evidence)),
    primary key (post, song)
) strict;
create index mentions_song on mentions (song);
create table possible_mentions (
    post text not null references posts(key) on delete cascade, song text not null references songs(id),
    confidence real not null, evidence text not null check (json_valid(evidence)),
    primary key (post, song)
) strict;
create index possible_mentions_song on possible_mentions (song);
create table tags (
    post text primary key references posts(key) on delete cascade,
    tag text not null check (tag in ('cover', 'edit', 'challenge', 'reaction', 'other')),
    confidence real not null, by text not null check (by in ('model', 'human')), version text not null,
    probabilities text not null check (json_valid(probabilities))
) strict;
create index tags_tag on tags (tag);

create table passed_over (
    hash blob primary key, source text not null, hour text not null
) strict, without rowid;
create index passed_over_hour on passed_over (hour);
create table seen_counts (
    source text not null, hour text not null, posts integer not null, primary key (source, hour)
) strict, without rowid;

create table imports (
    checksum text not null, version text not null, file text not null, finished_at text not null,
    lines integer not null, posts integer not null, primary key (checksum, version)
) strict, without rowid;

create table runs (
    id integer primary key, source text not null, started_at text not null, finished_at text,
    status text not null check (status in ('running', 'ok', 'partial', 'failed', 'late', 'missed', 'skipped')),
    seen integer not null default 0, new integer not null default 0, linked integer not null default 0,
    planned integer not null default 0, succeeded integer not null default 0, complete integer not null default 0,
    error text
) strict;
create index runs_source on runs (source, started_at);
create table coverage (
    id integer primary key, platform text not null, hour text not null,
    fraction real not null check (fraction between 0 and 1), noted_at text not null
) strict;
create index coverage_hour on coverage (platform, hour);

create table trend_scores (
    song text not null references songs(id), period text not null check (period in ('hour', 'day', 'week')),
    start text not null, label text not null, score real not null, rank integer, state text not null,
    surge real not null, growth real not null, breadth real not null, engagement real not null,
    posts integer not null, authors integer not null, coverage real not null, growth_log2 real not null,
    confidence real not null, parts text not null check (json_valid(parts)), version text not null,
    primary key (song, period, start)
) strict, without rowid;
create index trend_scores_weeks on trend_scores (start, rank) where period = 'week';
create index trend_scores_days on trend_scores (start) where period = 'day';
create table alerts (
    id integer primary key, song text not null references songs(id), raised_at text not null, confirmed_at text,
    withdrawn_at text, score real not null, origin text, sentence text not null, unique (song, raised_at)
) strict;
create table scoring_states (at text primary key, state blob not null, version text not null) strict;

create table interest (
    subject text not null, source text not null, region text not null, day text not null, value real not null,
    primary key (subject, source, region, day)
) strict;
"""

_VIEWS = """
create view weekly_chart as
with weeks as (
    select song, label as week, start, rank, score, growth_log2, posts, authors, coverage, state, confidence, version,
        case when rank is not null then row_number() over (partition by song, rank is not null order by start) end
            as weeks_on_chart,
        min(rank) over (partition by song order by start) as peak,
        lag(rank) over (partition by song order by start) as last_week,
        lag(coverage) over (partition by song order by start) as coverage_last_week,
        max(rank is not null) over (partition by song order by start rows between unbounded preceding and 1 preceding)
            as charted_before
    from trend_scores where period = 'week'
)
select weeks.week, weeks.start, weeks.rank, weeks.last_week, weeks.peak, weeks.weeks_on_chart,
    case
        when min(weeks.coverage, coalesce(weeks.coverage_last_week, 1)) < 0.75 then 'n/a (source gap)'
        when weeks.last_week is not null and weeks.last_week = weeks.rank then '='
        when weeks.last_week is not null then printf('%+d', weeks.last_week - weeks.rank)
        when coalesce(weeks.charted_before, 0) then 're-entry'
        else 'new'
    end as change,
    weeks.song, songs.title, songs.hangul,
    (select group_concat(artists.name, ' & ') from (
        select artist from song_artists where song_artists.song = weeks.song order by position
    ) as credited join artists on artists.id = credited.artist) as artists,
    dramas.title as drama, weeks.score, weeks.growth_log2, weeks.posts, weeks.authors, weeks.coverage, weeks.state,
    weeks.confidence, weeks.version
from weeks join songs on songs.id = weeks.song join dramas on dramas.id = songs.drama
where weeks.rank is not null;

create view song_timeline as
select trend_scores.song, songs.title, trend_scores.label as day, trend_scores.score, trend_scores.state,
    trend_scores.surge, trend_scores.growth, trend_scores.breadth, trend_scores.engagement, trend_scores.posts,
    trend_scores.authors, trend_scores.coverage, trend_scores.growth_log2
from trend_scores join songs on songs.id = trend_scores.song where trend_scores.period = 'day';

create view top_posts as
select mentions.song, posts.key as post, posts.platform, tags.tag, posts.title, posts.text, posts.url, posts.language,
    posts.published_at, last_reading.views, last_reading.likes, last_reading.comments, last_reading.shares,
    mentions.confidence
from mentions
join posts on posts.key = mentions.post
left join tags on tags.post = posts.key
left join readings as last_reading on last_reading.id = (
    select id from readings where readings.post = posts.key order by observed_at desc, id desc limit 1
);

create view source_health as
select source,
    max(started_at) as last_run,
    max(case when status in ('ok', 'partial') then finished_at end) as last_success,
    (select status from runs as latest where latest.source = runs.source order by started_at desc, id desc limit 1)
        as last_status,
    (select error from runs as latest where latest.source = runs.source order by started_at desc, id desc limit 1)
        as last_error,
    count(*) as runs, sum(status = 'failed') as failed, sum(seen) as seen, sum(new) as new, sum(linked) as linked
from runs where source <> 'report' group by source;
"""


@MIGRATIONS()
def m001_first_schema(db: sqlite_utils.Database) -> None:
    """Catalogue, posts with readings and mentions, scores, runs and coverage, and the four views for people."""
    _execute(db, _TABLES + _VIEWS)
    db.table("posts").enable_fts(["title", "text", "hashtags"], create_triggers=True, tokenize="unicode61")


_ASKING = """
create table labels (
    id integer primary key, post text not null references posts(key) on delete cascade,
    tag text check (tag in ('cover', 'edit', 'challenge', 'reaction', 'other')),
    songs text check (songs is null or json_valid(songs)), by text not null, at text not null,
    picked text not null check (picked in ('useful', 'random', 'asked')),
    before text not null check (json_valid(before)), undone_at text
) strict;
create index labels_post on labels (post);

create table models (
    id integer primary key, kind text not null check (kind in ('tagger', 'linker')), version text not null,
    checksum text not null, made_at text not null, labels integer not null, weights blob not null
) strict;

create table copies (
    post text primary key references posts(key) on delete cascade, cluster text not null,
    exact blob not null, signature blob
) strict, without rowid;
create index copies_cluster on copies (cluster);
create index copies_exact on copies (exact);

create table buzz (
    subject text not null, day text not null, source text not null, posts integer not null,
    primary key (subject, day, source)
) strict, without rowid;

create table word_runs (
    run text not null, day text not null, shown text not null, beside text not null,
    posts integer not null, crowd integer not null, primary key (run, day)
) strict, without rowid;
create index word_runs_day on word_runs (day);

create table sounds (
    platform text not null, id text not null, song text not null references songs(id), primary key (platform, id)
) strict, without rowid;
"""


@MIGRATIONS()
def m002_labels_copies_buzz(db: sqlite_utils.Database) -> None:
    """Labels and refitted models; clusters of copies; posts counted by drama or artist; word runs; known sounds."""
    _execute(db, _ASKING)


_CORRECTIONS = """
create table corrections (
    id integer primary key, made_at text not null, since text not null, until text not null, reason text not null,
    rows_changed integer, version_before text not null, version_after text not null
) strict;
alter table alerts add column origin_parts text check (origin_parts is null or json_valid(origin_parts));
create index alerts_raised on alerts (raised_at);
drop view weekly_chart;
"""

_WEEKLY_CHART = """
create view weekly_chart as
with weeks as (
    select song, label as week, start, rank, score, growth_log2, posts, authors, coverage, state, confidence, version,
        json_extract(parts, '$.history') is not null as too_new,
        case when rank is not null then row_number() over (partition by song, rank is not null order by start) end
            as weeks_on_chart,
        min(rank) over (partition by song order by start) as peak,
        lag(rank) over (partition by song order by start) as last_week,
        lag(coverage) over (partition by song order by start) as coverage_last_week,
        max(rank is not null) over (partition by song order by start rows between unbounded preceding and 1 preceding)
            as charted_before
    from trend_scores where period = 'week'
)
select weeks.week, weeks.start, weeks.rank, weeks.last_week, weeks.peak, weeks.weeks_on_chart,
    case
        when min(weeks.coverage, coalesce(weeks.coverage_last_week, 1)) < 0.75 then 'n/a (source gap)'
        when weeks.last_week is not null and weeks.last_week = weeks.rank then '='
        when weeks.last_week is not null then printf('%+d', weeks.last_week - weeks.rank)
        when coalesce(weeks.charted_before, 0) then 're-entry'
        else 'new'
    end as change,
    weeks.song, songs.title, songs.hangul,
    (select group_concat(artists.name, ' & ') from (
        select artist from song_artists where song_artists.song = weeks.song order by position
    ) as credited join artists on artists.id = credited.artist) as artists,
    dramas.title as drama, weeks.score, weeks.growth_log2, weeks.posts, weeks.authors, weeks.coverage, weeks.state,
    weeks.confidence, weeks.version, weeks.too_new
from weeks join songs on songs.id = weeks.song join dramas on dramas.id = songs.drama
where weeks.rank is not null;
"""

_LISTS = """
create view two_lists as
with risen as (
    select * from trend_scores
    where period = 'week' and rank is not null and growth_log2 >= 0.585 and authors >= 8
), excess as (
    select risen.song, risen.start, json_extract(days.parts, '$.spread[0]') as platforms,
        json_extract(days.parts, '$.weighted[2]') * (json_extract(days.parts, '$.spread[3]')) as people
    from risen join trend_scores as days on days.song = risen.song and days.period = 'day'
        and days.start >= risen.start and days.start < strftime('%Y-%m-%dT%H:%M:%SZ', risen.start, '+7 days')
    where json_extract(days.parts, '$.spread[3]') > 0
), spread as (
    select song, start, round(sum(people * platforms) / sum(people), 2) as platforms from excess group by song, start
), listed as (
    select *, case when platforms >= 3 then 'everywhere' when platforms < 2 then 'one place, fast' end as list
    from spread
)
select risen.label as week, listed.list,
    row_number() over (partition by risen.label, listed.list order by risen.rank) as place,
    risen.song, songs.title, songs.hangul,
    (select group_concat(artists.name, ' & ') from (
        select artist from song_artists where song_artists.song = risen.song order by position
    ) as credited join artists on artists.id = credited.artist) as artists,
    dramas.title as drama, listed.platforms, risen.rank, risen.growth_log2, risen.score,
    risen.state, risen.posts, risen.authors, json_extract(risen.parts, '$.history') is not null as too_new
from listed join risen on risen.song = listed.song and risen.start = listed.start
join songs on songs.id = risen.song join dramas on dramas.id = songs.drama
where listed.list is not null;
"""


@MIGRATIONS()
def m003_corrections_and_lists(db: sqlite_utils.Database) -> None:
    """Deliberate corrections; a chart that says who is too new to compare; the lists everywhere / one place, fast."""
    _execute(db, _CORRECTIONS + _WEEKLY_CHART + _LISTS)


def _execute(db: sqlite_utils.Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
