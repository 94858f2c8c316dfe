"""The demo as a newcomer sees it: one command in an empty folder, twice, byte for byte the same."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from models.complaint import Complaint
from tracker.cli import main
from tracker.demo.show import FILE, run_demo
from tracker.store import open_db
from tracker.terminal import Advance


def quiet() -> Advance:
    return lambda done, total=None, /: None


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    return out, json.loads(result.stdout)


def test_the_demo_is_as_large_and_varied_as_promised(shown: tuple[Path, dict[str, Any]]) -> None:
    out, said = shown
    assert said["posts"] >= 8000
    assert said["languages"] >= 10
    assert said["platforms"] >= 6
    assert said["hours"] >= 26 * 7 * 24
    assert (out / FILE).stat().st_size < 60e6


def test_most_is_found_as_its_writer_meant_it(shown: tuple[Path, dict[str, Any]]) -> None:
    _, said = shown
    assert said["links_right"] / said["links_meant"] > 0.75
    assert said["links_right"] / (said["links_right"] + said["links_wrong"]) > 0.95
    assert said["quiet_right"] / said["quiet_meant"] > 0.95
    assert said["tags_right"] / said["tags_meant"] > 0.7


def test_two_demos_give_the_same_report_byte_for_byte(shown: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    out, _ = shown
    run_demo(tmp_path, on_posts=quiet(), on_hours=quiet())
    reports = sorted(file.name for file in out.iterdir() if "W" in file.name)
    assert len(reports) >= 2
    for name in reports:
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_a_demo_may_be_repeated_but_spares_real_databases(tmp_path: Path) -> None:
    open_db(tmp_path / FILE).conn.close()
    with pytest.raises(Complaint, match="is not a demo's database"):
        run_demo(tmp_path, on_posts=quiet(), on_hours=quiet())


def test_the_demos_database_is_sound_and_says_that_it_is_invented(shown: tuple[Path, dict[str, Any]]) -> None:
    db = Database(shown[0] / FILE)
    assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert db.execute("pragma foreign_key_check").fetchall() == []
    assert db.execute("select value from meta where key = 'demo'").fetchone()[0] == "1"
    db.conn.close()
    assert stat.S_IMODE((shown[0] / (FILE + ".key")).stat().st_mode) == 0o600


@pytest.fixture(scope="module")
def db(shown: tuple[Path, dict[str, Any]]) -> Iterator[Database]:
    db = Database(shown[0] / FILE)
    yield db
    db.conn.close()


def weeks(db: Database, song: str) -> dict[str, dict[str, Any]]:
    rows = db.query("select * from trend_scores where period = 'week' and song = ?", [song])
    return {row["label"].removeprefix("2026-"): row for row in rows}


def alerts(db: Database, song: str) -> list[str]:
    found = db.execute("select raised_at from alerts where song = ? and confirmed_at is not null", [song])
    return [row[0] for row in found]


def test_a_release_is_first_at_once_and_fades(db: Database) -> None:
    release = weeks(db, "moon-mechanic")
    assert (release["W25"]["rank"], release["W26"]["rank"]) == (1, 1)
    assert release["W29"]["growth_log2"] < release["W26"]["growth_log2"] / 2


def test_an_ending_scene_makes_an_unnoticed_song_jump_within_hours(db: Database) -> None:
    scene = weeks(db, "the-tide-remembers")
    assert scene["W44"]["growth_log2"] < 0.5
    assert (scene["W45"]["rank"], scene["W46"]["rank"]) == (1, 1)
    assert any("2026-11-02T13" <= raised <= "2026-11-02T19" for raised in alerts(db, "the-tide-remembers"))


def test_an_award_stage_is_a_spike_of_days(db: Database) -> None:
    stage = weeks(db, "tell-me-its-not-a-dream")
    assert stage["W38"]["rank"] == 1
    assert stage["W37"]["growth_log2"] < 0.7
    assert stage["W40"]["growth_log2"] < 0.7


def test_a_classic_returns_slowly_and_stays(db: Database) -> None:
    classic = weeks(db, "from-the-beginning-until-now")
    assert classic["W27"]["growth_log2"] < 0.5
    assert all(classic[f"W{week}"]["rank"] <= 3 for week in range(31, 39))


def test_a_challenge_grows_by_word_of_mouth(db: Database) -> None:
    grown = [weeks(db, "romantic-sunday")[f"W{week}"]["authors"] for week in (31, 32, 33, 34)]
    assert grown == sorted(grown)
    assert grown[-1] > 10 * max(grown[0], 1)
    tags = dict(
        db.execute(
            "select tag, count(*) from tags join mentions using (post) where song = 'romantic-sunday' group by tag"
        ).fetchall()
    )
    assert max(tags.keys() - {"other"}, key=lambda tag: tags[tag]) == "challenge"


def test_a_flood_by_a_few_accounts_does_not_win(db: Database) -> None:
    flood = weeks(db, "light-the-window")["W46"]
    assert flood["posts"] > 200
    assert flood["authors"] < 10
    assert flood["rank"] is None or flood["rank"] > 10
    assert not [raised for raised in alerts(db, "light-the-window") if raised > "2026-11-08"]


def test_a_flood_shows_its_signs_and_nothing_else_does(shown: tuple[Path, dict[str, Any]]) -> None:
    (page,) = shown[0].glob("*-W46.json")
    songs = {row["song"]["id"]: row for row in json.loads(page.read_text("utf-8"))["chart"]}
    flood = songs.pop("light-the-window")
    assert "few accounts" in {sign["name"] for sign in flood["flood"]}
    assert flood["distinct_posts"] < flood["posts"] / 3
    assert not any(row["flood"] for row in songs.values())


def test_an_outage_looks_like_an_outage_and_not_like_a_fall(db: Database) -> None:
    challenge = weeks(db, "romantic-sunday")
    assert challenge["W35"]["coverage"] < 0.75
    assert challenge["W35"]["growth_log2"] > 0.8 * challenge["W36"]["growth_log2"]
    fell = db.execute("select change from weekly_chart where week = '2026-W35' and song = 'romantic-sunday'").fetchone()
    assert fell == ("n/a (source gap)",)


def test_rain_is_not_a_song(db: Database) -> None:
    rain = weeks(db, "sudden-shower")
    assert rain["W28"]["growth_log2"] < 1
    assert rain["W29"]["growth_log2"] < 1
