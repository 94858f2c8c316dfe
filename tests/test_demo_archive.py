"""The packaged sample archive: it is what its generator makes, and it tells the story it promises."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from collectors.post_lines import coverage_from_line, post_from_line
from models.catalogue import load_catalogue
from models.korean_time import HOUR, week_label, week_of
from models.post import TAGS, Post
from tracker.demo import archive, generate, story, wording
from tracker.demo.acts import Wave
from tracker.demo.chance import Chance


@dataclass(frozen=True)
class Archive:
    """The archive read once: each post with all its readings, oldest first, and what was meant."""

    readings: dict[str, list[Post]]
    meant: dict[str, archive.Meant]

    def of(self, song: str) -> Iterator[Post]:
        """The posts meant for `song`, each as first seen."""
        return (seen[0] for key, seen in self.readings.items() if song in self.meant[key].songs)

    def people(self, song: str, start: datetime, hours: float) -> int:
        """How many authors posted of `song` within `hours` after `start`."""
        end = start + timedelta(hours=hours)
        return len({post.author or post.key for post in self.of(song) if start <= post.published_at < end})

    def weeks(self, song: str) -> Counter[str]:
        """Authors of `song` by Korean week."""
        by_week: dict[str, set[str]] = defaultdict(set)
        for post in self.of(song):
            by_week[week_label(week_of(post.published_at))].add(post.author or post.key)
        return Counter({week: len(authors) for week, authors in by_week.items()})


@pytest.fixture(scope="module")
def packed() -> Archive:
    readings: dict[str, list[Post]] = defaultdict(list)
    for line in archive.archive_lines():
        post = post_from_line(json.loads(line))
        readings[post.key].append(post)
    return Archive(dict(readings), archive.meant())


def _lines(packed: Iterable[bytes]) -> list[str]:
    return [line.decode().removesuffix("\n") for line in packed]


def _wave(song: str, kind: str) -> Wave:
    return next(wave for wave in story.WAVES if (wave.song, wave.wording) == (song, kind))


def test_regenerating_gives_exactly_the_packaged_files() -> None:
    made = list(generate.posts())
    assert generate.post_lines(made) == _lines(archive.archive_lines())
    assert generate.coverage_lines() == _lines(archive.coverage_lines())
    meant = {row["key"]: row for row in map(json.loads, generate.meant_lines(made))}
    assert {key: archive.Meant(tuple(row["songs"]), row["tag"]) for key, row in meant.items()} == archive.meant()


def test_chance_is_the_same_on_every_python() -> None:
    chance = Chance("a known name", 1)
    assert [chance.whole(0, 999) for _ in range(3)] == [268, 174, 145]


def test_it_is_as_large_and_as_varied_as_promised(packed: Archive) -> None:
    first = [seen[0] for seen in packed.readings.values()]
    lines = sum(map(len, packed.readings.values()))
    assert 9_000 <= len(first) <= 11_000
    assert 1.5 * len(first) <= lines <= 22_000
    assert len({post.platform for post in first}) >= 6
    assert Counter(post.language for post in first).keys() - {None} == set(wording.LANGUAGES)
    assert 28 <= len({song for one in packed.meant.values() for song in one.songs}) <= 34
    assert sum(post.reading.says_something() for post in first) == len(first)
    assert len({(post.title, post.text) for post in first}) > 0.95 * len(first)
    folder = files("tracker") / "data" / "demo"
    assert len((folder / "archive.jsonl.gz").read_bytes()) <= 2_500_000


def test_a_quarter_or_more_must_not_link(packed: Archive) -> None:
    silent = sum(not one.songs for one in packed.meant.values())
    assert 0.25 <= silent / len(packed.meant) <= 0.30
    assert {one.tag for one in packed.meant.values()} == set(TAGS)
    assert {one.tag for one in packed.meant.values() if not one.songs} == set(TAGS)


def test_no_label_stands_in_the_archive(packed: Archive) -> None:
    fields = {name for line in archive.archive_lines() for name in json.loads(line)}
    assert fields == {
        *("platform", "id", "url", "author", "title", "text", "hashtags", "language", "published_at"),
        *("sound", "observed_at", "views", "likes", "comments", "shares"),
    }
    assert packed.meant.keys() == packed.readings.keys()


def test_lines_come_in_the_order_in_which_they_became_known() -> None:
    observed = [json.loads(line)["observed_at"] for line in archive.archive_lines()]
    assert observed == sorted(observed)


def test_readings_grow_and_lie_within_the_window(packed: Archive) -> None:
    start, end = archive.WINDOW
    for seen in packed.readings.values():
        assert len({(post.published_at, post.title, post.text, post.author) for post in seen}) == 1
        assert start <= seen[0].published_at
        moments = [post.reading.observed_at or start for post in seen]
        assert seen[0].published_at < moments[0]
        assert moments[-1] < end
        assert moments == sorted(set(moments))
        for before, after in pairwise(seen):
            for old, new in zip(before.reading.counts, after.reading.counts, strict=True):
                assert (old is None) == (new is None)
                assert old is None or new is None or old <= new


def test_the_window_is_26_weeks_and_ends_when_the_last_week_closes() -> None:
    start, end = archive.WINDOW
    assert week_label(week_of(start)) == "2026-W21"
    assert week_of(start) == start
    assert week_label(week_of(story.LAST_WEEK_ENDS - HOUR)) == "2026-W46"
    assert story.LAST_WEEK_ENDS - start == timedelta(weeks=26)
    assert end - story.LAST_WEEK_ENDS == timedelta(hours=33)


def test_some_posts_become_known_hours_or_days_late(packed: Archive) -> None:
    late = [seen[0].known_at - seen[0].published_at for seen in packed.readings.values()]
    assert sum(delay > timedelta(hours=6) for delay in late) > 0.05 * len(late)
    assert sum(delay > timedelta(days=1) for delay in late) > 100


def test_nobody_and_nothing_of_a_real_site_is_named(packed: Archive) -> None:
    for seen in packed.readings.values():
        post = seen[0]
        assert "demo" in post.id
        assert re.match(r"https://[a-z]+\.example\.invalid/", post.url or "")
        assert post.author is None or "demo" in post.author


def test_the_demo_catalogue_is_read_after_the_packaged_one(packed: Archive) -> None:
    catalogue = load_catalogue([archive.demo_catalogue()])
    assert {song for one in packed.meant.values() for song in one.songs} <= catalogue.songs.keys()
    assert catalogue.songs["the-tide-remembers"].released == "2026-10-05"
    assert catalogue.songs.keys() - load_catalogue().songs.keys() == {
        *("moon-mechanic", "cotton-gravity", "the-tide-remembers", "light-the-window")
    }
    invented = [event for event in catalogue.events if event.date >= "2026-05-18"]
    assert len(invented) == 8
    assert all(event.note.startswith("Invented: ") for event in invented)


def test_release_a_rush_on_the_first_day_that_fades(packed: Archive) -> None:
    released = _wave("moon-mechanic", "release").start
    assert not any(post.published_at < released for post in packed.of("moon-mechanic"))
    first, second = (packed.people("moon-mechanic", released + timedelta(days=day), 24) for day in (0, 7))
    assert first >= 80
    assert first > 3 * second


def test_ending_scene_quiet_for_four_weeks_and_then_within_hours(packed: Archive) -> None:
    scene = _wave("the-tide-remembers", "scene").start
    assert scene.astimezone(UTC) == datetime(2026, 11, 2, 13, 5, tzinfo=UTC)
    assert packed.people("the-tide-remembers", scene - timedelta(weeks=3), 21 * 24) <= 10
    assert packed.people("the-tide-remembers", scene, 6) >= 80
    weeks = packed.weeks("the-tide-remembers")
    assert weeks["2026-W46"] > weeks["2026-W45"] / 2  # it stays


def test_award_stage_is_over_in_three_days(packed: Archive) -> None:
    stage = _wave("tell-me-its-not-a-dream", "award").start
    song = "tell-me-its-not-a-dream"
    usual = packed.people(song, stage - timedelta(weeks=4), 28 * 24) / 28
    assert packed.people(song, stage, 24) > 30 * usual
    assert packed.people(song, stage + timedelta(days=4), 7 * 24) < 3 * 7 * usual


def test_classic_climbs_slowly_and_stays(packed: Archive) -> None:
    weeks = packed.weeks("from-the-beginning-until-now")
    climb = [weeks[f"2026-W{week}"] for week in (27, 28, 29, 30, 31)]
    assert climb == sorted(set(climb))
    assert climb[0] <= 3
    assert all(weeks[f"2026-W{week}"] >= 30 for week in range(31, 40))
    spoken = Counter(post.language for post in packed.of("from-the-beginning-until-now") if post.language)
    assert spoken.most_common(1)[0][0] == "ja"


def test_challenge_accelerates_among_many_people_in_many_places(packed: Archive) -> None:
    days = [packed.people("romantic-sunday", _wave("romantic-sunday", "challenge").start, 24 * d) for d in (4, 8, 12)]
    steps = [days[0], days[1] - days[0], days[2] - days[1]]
    assert steps[0] * 2 < steps[1]
    assert steps[1] * 2 < steps[2]
    risen = datetime(2026, 8, 10, tzinfo=UTC)
    posts = [post for post in packed.of("romantic-sunday") if post.published_at >= risen]
    assert len({post.platform for post in posts}) >= 6
    assert len({post.author for post in posts}) > 0.8 * len(posts)
    tags = Counter(packed.meant[post.key].tag for post in posts)
    assert tags["challenge"] > len(posts) / 2


def test_flood_three_accounts_hundreds_of_posts_nobody_watches(packed: Archive) -> None:
    start = _wave("light-the-window", "flood").start
    flood = [p for p in packed.of("light-the-window") if start <= p.published_at < start + 6 * HOUR]
    assert len(flood) >= 250
    assert packed.people("light-the-window", start, 6) <= 5
    own = Counter(post.author for post in flood).most_common(3)
    assert sum(number for _, number in own) >= 250
    watched = [post.reading.views for post in flood if post.reading.views is not None]
    assert sorted(watched)[len(watched) // 2] <= 5


def test_swarm_of_fresh_accounts_nobody_watches(packed: Archive) -> None:
    start = _wave("cotton-gravity", "flood").start
    swarm = [p for p in packed.of("cotton-gravity") if start <= p.published_at < start + 5 * HOUR]
    assert 40 <= packed.people("cotton-gravity", start, 5) <= 60
    views = [seen.reading.views for post in swarm for seen in packed.readings[post.key]]
    assert sum(view is None or view <= 5 for view in views) > 0.95 * len(views)


def test_outage_leaves_no_trace_of_the_source_and_says_so(packed: Archive) -> None:
    gap = next(gap for gap in story.GAPS if gap.fraction == 0)
    assert (gap.platform, gap.end - gap.start) == ("tiktok", timedelta(days=6))
    posts = [post for seen in packed.readings.values() for post in seen if post.platform == gap.platform]
    assert not any(gap.start <= post.published_at < gap.end for post in posts)
    assert not any(gap.start <= (post.reading.observed_at or gap.end) < gap.end for post in posts)
    assert sum(gap.start - timedelta(days=6) <= post.published_at < gap.start for post in posts) > 100
    stated = [coverage_from_line(json.loads(line)) for line in archive.coverage_lines()]
    missing = {one.hour for one in stated if one.platform == "tiktok" and one.fraction == 0}
    assert missing == {gap.start + HOUR * number for number in range(144)}


def test_coverage_is_stated_from_the_first_hour_to_the_last(packed: Archive) -> None:
    stated = [coverage_from_line(json.loads(line)) for line in archive.coverage_lines()]
    start, end = archive.WINDOW
    platforms = {seen[0].platform for seen in packed.readings.values()}
    for edge in (start, end - HOUR):
        assert {one.platform for one in stated if one.hour == edge and one.fraction == 1} == platforms


def test_steady_songs_follow_the_week(packed: Archive) -> None:
    steady = [post for song in ("sudden-shower", "stay-with-me", "sweet-night") for post in packed.of(song)]
    weekend = sum((post.published_at + 9 * HOUR).weekday() >= 5 for post in steady)
    assert weekend / len(steady) > 2.2 / 7


def test_weather_is_no_song(packed: Archive) -> None:
    rain = [p for p in (s[0] for s in packed.readings.values()) if "소나기" in f"{p.title} {p.text}"]
    silent = [post for post in rain if not packed.meant[post.key].songs]
    assert len(silent) >= 80
    assert len(rain) - len(silent) >= 50


def test_the_story_can_be_told() -> None:
    assert {note.what for note in story.NOTES} >= {
        *("release", "scene", "award", "classic", "challenge", "flood", "outage")
    }
    assert [line[:10] for line in archive.STORY] == sorted(line[:10] for line in archive.STORY)
    events = {(event.date, event.subject) for event in load_catalogue([archive.demo_catalogue()]).events}
    dated = {(note.day, note.subject) for note in story.NOTES if note.what not in ("flood", "swarm", "outage")}
    assert dated <= events


def test_the_number_of_lines_is_as_stated() -> None:
    assert sum(1 for _ in archive.archive_lines()) == archive.LINES
