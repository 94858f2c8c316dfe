"""The measuring tools: a small simulated archive on both paths, figures on hand-made alerts, series of counts."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import falling, figures, series, simple_methods, trend
from benchmarks.archive import Archive, read_archive
from benchmarks.paths import FADING, Found, by_engine, by_import, carried_on
from benchmarks.wording import LAYOUTS, TEXTS, catalogue_text, tunes
from models.catalogue import Source, read_catalogue
from models.post import TAGS

T0 = 1735689600
SONGS, DAYS, ONSET = 10, 40, 30 * 24 + 5
PLATFORMS = ["tiktok", "youtube"]


def write_archive(folder: Path) -> Path:
    """Ten songs with a post a day; song 3 jumps on day 30, song 5 is flooded by one account."""
    chance = np.random.default_rng(7)
    posts: list[tuple[int, int, int, int, int]] = []
    for song in range(SONGS):
        for at in np.sort(chance.integers(0, DAYS * 86400, DAYS)).tolist():
            posts.append(
                (at, song, int(chance.integers(2)), int(chance.integers(10**6)), int(np.exp(chance.normal(6, 1))))
            )
    posts += [(ONSET * 3600 + 600 * place, 3, place % 2, 10**7 + place, 800) for place in range(60)]
    posts += [(25 * 86400 + 60 * place, 5, 0, 10**8, 1) for place in range(60)]
    organic = np.ones((SONGS, DAYS))
    organic[3, 30] = 61
    event = {"peak": ONSET, "amp_per_h": 6.0, "base_per_h": 0.04, "excess_96h": 60.0}
    truth = {
        "seed": 0,
        "t0": T0,
        "hours": DAYS * 24,
        "platforms": PLATFORMS,
        "songs": [{"id": song, "cls": "steady", "base_per_day": 1.0} for song in range(SONGS)],
        "events": [
            {"id": 0, "song": 3, "kind": "exo", "onset": ONSET, "end": ONSET + 14, "label": "must", **event},
            {"id": 1, "song": 5, "kind": "flood", "onset": 600, "end": 625, "label": "must_not", "posts": 60},
        ],
        "holidays": [],
        "hidden": [],
        "organic_per_day": organic.tolist(),
        "base_per_day": np.ones((SONGS, DAYS)).tolist(),
        "collector_log": np.ones((2, DAYS * 24)).tolist(),
    }
    folder.mkdir()
    (folder / "truth.json").write_text(json.dumps(truth))
    with (folder / "posts.jsonl").open("w") as file:
        for at, song, platform, author, views in sorted(posts):
            row = {"timestamp": T0 + at, "song_id": song, "platform": PLATFORMS[platform], "author": f"u{author}"}
            file.write(json.dumps({**row, "type": TAGS[at % 5], "views": views, "likes": views // 9}) + "\n")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("simulated") / "small")


@pytest.fixture(scope="module")
def archive(folder: Path) -> Archive:
    return read_archive(folder)


@pytest.fixture(scope="module")
def imported(archive: Archive) -> Found:
    return by_import(archive, "varied")


@pytest.fixture(scope="module")
def stepped(archive: Archive) -> Found:
    return by_engine(archive)


@pytest.mark.parametrize("way", ["imported", "stepped"])
def test_both_paths_catch_the_jump_within_hours_and_leave_the_flood(way: str, request: pytest.FixtureRequest) -> None:
    found: Found = request.getfixturevalue(way)
    ((song, hour),) = [alert for alert in found.raised if alert[1] >= figures.FREE_HOURS]
    assert song == 3
    assert ONSET <= hour < ONSET + 6
    assert [song for song, _ in found.confirmed] == [3]


def test_the_way_of_a_users_files_links_every_post_to_its_song_and_ranks_the_same_week(
    imported: Found, stepped: Found, archive: Archive
) -> None:
    assert (imported.notes["linked_right"], imported.notes["linked_wrong"]) == (len(archive.hour), 0)
    assert sum(imported.notes["tags"].values()) == len(archive.hour)
    assert imported.weeks.keys() == stepped.weeks.keys()
    whole = max(start for start in imported.weeks if start <= ONSET)
    assert int(np.argmax(imported.weeks[whole])) == int(np.argmax(stepped.weeks[whole])) == 3


def test_the_whole_tool_prints_json_and_a_table(
    folder: Path, stepped: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trend, "by_engine", lambda archive: stepped)
    monkeypatch.setattr(sys, "argv", ["trend", str(folder), "--path", "engine", "--no-falls"])
    trend.main()
    out, err = capsys.readouterr()
    mean = json.loads(out)["mean"]
    assert mean["paths"]["engine"]["confirmed"]["f1"] == 1.0
    assert mean["simple"].keys() == {f"{name}, {what}" for name, what in simple_methods.THRESHOLDS}
    met = {one["target"]: one["met"] for one in mean["paths"]["engine"]["targets"]}
    assert met["confirmed f1 >= 0.88"]
    assert "| small engine provisional |" in err
    assert "| target (engine) | value | met |" in err


def test_an_outage_takes_a_platforms_posts_and_only_the_logged_one_its_coverage(archive: Archive) -> None:
    seen: list[Archive] = []

    def run(given: Archive) -> Found:
        seen.append(given)
        states = np.full((given.songs, given.hours), FADING, np.int8)
        states[:5] = 1
        return Found([], [], {}, states, {})

    start = 26 * 24
    found = falling.outage(archive, run, start=start)
    logged, silent, cut = seen
    gone = archive.platforms.index(found["platform"])
    for given in (logged, silent):
        hours = given.hour[given.posts["platform"] == gone]
        assert not ((hours >= start) & (hours < start + falling.OUTAGE_HOURS)).any()
    assert (logged.log[gone] == 0).sum() == min(falling.OUTAGE_HOURS, archive.hours - start)
    assert (silent.log == 1).all()
    assert found["calm_songs"] == 8  # all but the one that jumps and the one that is flooded
    assert found["logged"]["of"] == 8
    assert found["logged"]["yes"] == 4
    before, after = cut.hour < start, cut.hour >= start
    assert before.sum() == (archive.hour < start).sum()
    assert after.sum() < (archive.hour >= start).sum()


def event(
    onset: int, end: int, *, song: int = 0, kind: str = "exo", label: str = "must", number: int = 0
) -> dict[str, Any]:
    more = {"amp_per_h": 1.0, "base_per_h": 0.1, "excess_96h": 20.0}
    return {"id": number, "song": song, "kind": kind, "onset": onset, "end": end, "label": label, **more}


def truth_of(*events: dict[str, Any], songs: int = 2, days: int = 386) -> dict[str, Any]:
    sizes = [0.5, 20.0]
    return {
        "hours": days * 24,
        "songs": [{"id": song, "base_per_day": sizes[song % 2]} for song in range(songs)],
        "events": list(events),
        "base_per_day": np.ones((songs, days)).tolist(),
        "organic_per_day": np.ones((songs, days)).tolist(),
    }


def test_hits_misses_and_false_alarms_are_counted_by_size_and_kind() -> None:
    truth = truth_of(
        event(1000, 1050, number=0),
        event(3000, 3010, song=1, kind="endo", number=1),
        event(5000, 5030, song=1, kind="flood", label="must_not", number=2),
        event(7000, 7010, label="may", number=3),
    )
    alerts = [(0, 100), (0, 1003), (0, 1090), (1, 5004), (0, 7005), (1, 8000)]
    found = figures.alerts_against(truth, alerts)
    assert (found["events"], found["recall"], found["delay_hours"]) == (2, 0.5, 4)
    assert (found["false_alarms"], found["flood_alerts"], found["floods"]) == (2, 1, 1)
    assert found["precision"] == pytest.approx(1 / 3, abs=1e-3)
    assert found["false_per_song_year"] == 1.0
    assert found["by_size"]["under 1 a day"]["f1"] == 1.0
    assert found["by_size"]["over 10 a day"]["recall"] == 0.0
    assert {kind: part["recall"] for kind, part in found["by_kind"].items()} == {"endo": 0.0, "exo": 1.0}
    assert [one["kind"] for one in found["missed"]] == ["endo"]
    assert [one["why"] for one in found["false"]] == [["flood"], ["noise"]]


@pytest.mark.parametrize(("hour", "delay"), [(999, None), (1000, 1), (1074, 75), (1075, None)])
def test_an_event_is_hit_from_its_onset_to_a_day_after_its_end(hour: int, delay: int | None) -> None:
    assert figures.delay_of(event(1000, 1050), [hour]) == delay


def test_ndcg_is_one_for_the_true_order_and_less_for_the_reverse() -> None:
    truth = truth_of(songs=12)
    organic = np.ones((12, 386))
    organic[:, 28:35] += np.arange(12)[:, None]
    truth["organic_per_day"] = organic.tolist()
    week = {28 * 24: np.arange(12.0)}
    assert figures.weekly_ndcg(truth, week) == 1.0
    assert (figures.weekly_ndcg(truth, {28 * 24: -np.arange(12.0)}) or 1) < 0.8
    assert figures.weekly_ndcg(truth, {0: np.arange(12.0)}) is None


def test_a_true_fall_is_a_fall_against_the_usual_day_and_counts_once() -> None:
    truth = truth_of(event(30 * 24, 36 * 24), songs=2, days=60)
    base = np.full((2, 60), 4.0)
    base[1, 40:] = 1.0  # the whole song is quieter: no event ended
    organic = base.copy()
    organic[0, 30:33] = 20.0
    organic[0, 33:36] = 9.0
    truth |= {"base_per_day": base.tolist(), "organic_per_day": organic.tolist()}
    assert falling.true_falls(truth) == [falling.Fall(0, 30, 33)]
    states = np.ones((2, 60 * 24), np.int8)
    assert falling.falls_named(truth, states)["yes"] == 0
    states[0, 34 * 24 + 71] = FADING
    named = falling.falls_named(truth, states)
    assert (named["share"], list(named["by_kind"])) == (1.0, ["must exo"])


def test_a_missing_hour_keeps_the_state_before_it() -> None:
    states = np.array([[-1, 2, -1, -1, 5, -1]], np.int8)
    assert carried_on(states).tolist() == [[0, 2, 2, 2, 5, 5]]


def test_invented_names_make_a_catalogue_and_every_layout_names_all_three() -> None:
    songs = tunes(200)
    catalogue = read_catalogue([Source("simulated.toml", catalogue_text(songs))])
    assert len(catalogue.songs) == 200
    assert len({song.title.latin for song in songs} | {song.singer.latin for song in songs}) == 400
    assert set(LAYOUTS) == set(TAGS)
    for layout in (layout for layouts in LAYOUTS.values() for layout in layouts):
        assert all("{" + name in layout for name in ("title", "drama", "singer")), layout
    assert set(TEXTS) == {"one", "varied"}


@pytest.mark.parametrize("name", sorted(simple_methods.METHODS))
def test_a_simple_method_flags_a_jump_and_is_silent_on_an_even_series(name: str) -> None:
    method, _ = simple_methods.METHODS[name]
    counts = np.zeros((2, 60 * 24))
    counts[:, ::6] = 1.0
    counts[1, 50 * 24 : 50 * 24 + 12] = 5.0
    flagged = simple_methods.alerts(
        method(simple_methods.Counts(counts, counts)), simple_methods.THRESHOLDS[name, "posts"]
    )
    late = [alert for alert in flagged if alert[1] >= 35 * 24]
    assert {song for song, _ in late} == {1}
    assert 50 * 24 <= late[0][1] < 50 * 24 + 12


def test_people_count_once_a_day_and_by_their_views_after_six_hours(archive: Archive) -> None:
    counts, plain = simple_methods.people(archive), simple_methods.posts(archive)
    flood = slice(25 * 24, 25 * 24 + 2)
    assert plain.fresh[5, flood].sum() >= 60
    assert counts.fresh[5, flood].sum() <= 2
    assert counts.settled[5, flood].sum() < counts.fresh[5, flood].sum()


def test_a_post_counts_whole_until_it_is_six_hours_old() -> None:
    fresh, settled = np.zeros((1, 80)), np.zeros((1, 80))
    fresh[0, 30], settled[0, 30] = 1.0, 0.25
    last = simple_methods.Counts(fresh, settled).last(24)[0]
    assert [last[29], last[30], last[35], last[36], last[53], last[54]] == [0, 1, 1, 0.25, 0.25, 0]


def test_weeks_of_the_simple_methods_begin_where_the_engines_do(archive: Archive, stepped: Found) -> None:
    weeks = simple_methods.weeks(archive, np.zeros((SONGS, DAYS * 24)))
    assert set(weeks) >= {start for start in stepped.weeks if start >= 0}


def write_series(path: Path, minutes: int, points: int, jump: range) -> list[datetime]:
    chance = np.random.default_rng(3)
    times = [datetime(2026, 9, 1) + timedelta(minutes=minutes * place) for place in range(points)]  # noqa: DTZ001
    values = chance.poisson(5, points)
    values[list(jump)] += 60
    lines = [f"{time:%Y-%m-%d %H:%M:%S},{value}" for time, value in zip(times, values, strict=True)]
    path.write_text("\n".join(["timestamp,value", *lines]) + "\n")
    return times


@pytest.mark.parametrize(("minutes", "uncut"), [(5, False), (5, True), (60, False)])
def test_a_series_of_any_bucket_alerts_on_its_jump_alone(tmp_path: Path, minutes: int, uncut: bool) -> None:
    jump = range(1200, 1212)
    write_series(tmp_path / "calls.csv", minutes, 1500, jump)
    given = series.read_series(tmp_path / "calls.csv")
    scores = series.surprises(given, series.Setting(uncut=uncut))
    found = [place for place in series.alerts(given.times, scores, 3.0) if place >= 225]
    assert found[0] <= jump[0] + 2
    assert set(found) <= set(jump)
    assert scores[jump].max() > 6
    assert np.median(scores[225:1200]) < 0.6


def test_what_is_not_watched_is_not_missing_people(tmp_path: Path) -> None:
    write_series(tmp_path / "calls.csv", 60, 900, range(0))
    lines = (tmp_path / "calls.csv").read_text().splitlines()
    (tmp_path / "gap.csv").write_text("\n".join(lines[:400] + lines[600:]) + "\n")
    scores = series.surprises(series.read_series(tmp_path / "gap.csv"), series.Setting())
    assert len(scores) == 700
    assert scores[399:].max() < 3.0  # a level that had sunk to zero would be surprised


def test_scores_written_as_csv_can_be_read_again(tmp_path: Path) -> None:
    write_series(tmp_path / "calls.csv", 5, 300, range(200, 205))
    given = series.read_series(tmp_path / "calls.csv")
    scores = series.surprises(given, series.Setting())
    out = io.StringIO()
    series.write_csv(given, scores, series.alerts(given.times, scores, 3.0), out)
    (tmp_path / "again.csv").write_text(out.getvalue())
    again = series.read_series(tmp_path / "again.csv")
    assert again.times == given.times
    assert again.values.tolist() == given.values.tolist()


def test_a_bad_line_of_a_series_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("timestamp,value\n2026-09-01 00:00:00,3\n2026-09-01 00:05:00,-1\n")
    with pytest.raises(ValueError, match=r"bad\.csv: line 3"):
        series.read_series(tmp_path / "bad.csv")


def test_nabs_labels_give_an_event_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = write_series(tmp_path / "calls.csv", 5, 1500, range(1200, 1212))
    stamp = "%Y-%m-%d %H:%M:%S.%f"
    around = [times[1180].strftime(stamp), times[1260].strftime(stamp)]
    never = [times[400].strftime(stamp), times[420].strftime(stamp)]
    labels = tmp_path / "combined_windows.json"
    labels.write_text(json.dumps({"realTweets/calls.csv": [around, never]}))
    arguments = ["series", str(tmp_path / "calls.csv"), "--labels", str(labels), "--raise-at", "3"]
    monkeypatch.setattr(sys, "argv", arguments)
    series.main()
    told = json.loads(capsys.readouterr().out)
    score = told["event_score"]
    assert (score["windows"], score["hit"], score["false_alarms"], score["recall"]) == (2, 1, 0, 0.5)
    assert len(told["alerts"]["calls.csv"]) >= 1
