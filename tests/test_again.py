"""`score --again`: rows made once more on purpose, on the record, and no alert lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import ABOUT_A_SONG
from report_database import build
from scored_archive import START, database, jump, steady
from sqlite_utils import Database

from models.korean_time import DAY, HOUR, iso
from tracker.cli import main
from tracker.config import Score
from tracker.correcting import Corrected, NothingToCorrect, score_again
from tracker.report.report import make_report
from tracker.report.week import choose_week
from tracker.scoring import score
from tracker.store_labels import StoredLabel, save_label

SETTINGS = Score()
MADE = START + 60 * DAY
SINCE = START + 25 * DAY


@pytest.fixture(scope="module")
def scored() -> Database:
    db = database()
    steady(db, 40)
    jump(db, 30)
    score(db, settings=SETTINGS)
    return db


@pytest.fixture
def db(scored: Database) -> Iterator[Database]:
    db = Database(memory=True)
    scored.conn.backup(db.conn)
    yield db
    db.conn.close()


def again(db: Database, **changes: Any) -> Corrected:
    given = {"since": SINCE, "reason": "a test", "made_at": MADE, "settings": SETTINGS}
    return score_again(db, **{**given, **changes})


def rows(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("select * from trend_scores order by period, start, song").fetchall()


def alerts(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("select * from alerts order by id").fetchall()


def corrections(db: Database) -> list[tuple[Any, ...]]:
    return db.execute(
        "select made_at, since, until, reason, rows_changed, version_before, version_after from corrections order by id"
    ).fetchall()


def take_out_the_jump(db: Database) -> None:
    """A person says of every post of the jump that it names no song."""
    for (key,) in db.execute("select key from posts where cast(substr(key, instr(key, ':') + 1) as int) >= 10000"):
        save_label(db, StoredLabel(key, "other", (), "tester", iso(MADE), "asked"))


def test_where_nothing_is_new_nothing_changes_but_the_record(db: Database) -> None:
    until = db.execute("select value from meta where key = 'scored_until'").fetchone()[0]
    before = rows(db), alerts(db)
    done = again(db, reason="  twice\n the same ")
    assert (rows(db), alerts(db)) == before
    assert done.rows_changed == 0
    assert corrections(db) == [(iso(MADE), iso(SINCE), until, "twice the same", 0, "trend-1", "trend-1")]
    assert iso(done.scored.until or MADE) == until


def test_what_people_have_said_since_takes_effect_as_in_a_replay(db: Database) -> None:
    take_out_the_jump(db)
    before = rows(db)
    score(db, settings=SETTINGS)
    assert rows(db) == before
    done = again(db)
    assert done.rows_changed > 100
    fresh = database()
    steady(fresh, 40)
    jump(fresh, 30)
    take_out_the_jump(fresh)
    score(fresh, settings=SETTINGS)
    key = "select song, period, start, score, rank, growth_log2, posts from trend_scores order by period, start, song"
    assert db.execute(key).fetchall() == fresh.execute(key).fetchall()
    assert [row[2] for row in before if row[2] < iso(SINCE - 9 * DAY)] == [
        row[2] for row in rows(db) if row[2] < iso(SINCE - 9 * DAY)
    ]


def test_an_alert_that_is_not_raised_again_stays_where_it_was_as_withdrawn(db: Database) -> None:
    ((number, song, raised, *_),) = alerts(db)
    take_out_the_jump(db)
    again(db)
    kept = db.execute("select id, song, raised_at, withdrawn_at from alerts").fetchall()
    assert kept == [(number, song, raised, raised)]


def test_a_tag_given_by_a_person_changes_the_weights(db: Database) -> None:
    before = dict(db.execute("select start, parts from trend_scores where song = 'letter' and period = 'day'"))
    for (key,) in db.execute("select key from posts where published_at >= ?", [iso(START + 30 * DAY)]).fetchall():
        songs = tuple(song for (song,) in db.execute("select song from mentions where post = ?", [key]))
        save_label(db, StoredLabel(key, "other", songs, "tester", iso(MADE), "asked"))
    again(db)
    day = iso(START + 30 * DAY)
    row = db.execute("select parts from trend_scores where song = 'letter' and start = ? and period = 'day'", [day])
    parts = json.loads(row.fetchone()[0])
    weighted, heads = parts["weighted"][1], parts["people"][1]
    assert heads > 20
    assert weighted == pytest.approx(0.6 * heads, abs=0.06)
    assert json.loads(before[day])["weighted"][1] == pytest.approx(heads)


def test_other_settings_replay_from_the_start_and_name_both_versions(db: Database) -> None:
    slower = Score(half_life_days=28)
    again(db, settings=slower)
    replay = database()
    steady(replay, 40)
    jump(replay, 30)
    score(replay, settings=slower)
    late = f"select * from trend_scores where period = 'hour' and start >= '{iso(SINCE)}' order by start, song"
    assert db.execute(late).fetchall() == replay.execute(late).fetchall()
    assert corrections(db)[0][5:] == ("trend-1", "trend-1;half-life 28 d")
    early = "select distinct version from trend_scores where period = 'hour' and start < ?"
    assert db.execute(early, [iso(SINCE)]).fetchall() == [("trend-1",)]


def test_a_correction_goes_no_further_than_what_was_scored() -> None:
    short = database()
    steady(short, 40)
    score(short, settings=SETTINGS, until=START + 30 * DAY)
    assert again(short).scored.until == START + 30 * DAY


def test_a_killed_correction_is_on_record_and_the_next_score_does_the_rest(db: Database) -> None:
    take_out_the_jump(db)

    def kill(done: int, todo: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(db, progress=kill)
    assert corrections(db)[0][4] is None
    score(db, settings=SETTINGS)
    other = database()
    steady(other, 40)
    jump(other, 30)
    take_out_the_jump(other)
    score(other, settings=SETTINGS)
    hours = "select song, start, score, posts from trend_scores where period = 'hour' order by start, song"
    assert db.execute(hours).fetchall() == other.execute(hours).fetchall()
    assert again(db).rows_changed == 0


def test_from_the_very_beginning_everything_is_made_again(db: Database) -> None:
    before = rows(db)
    assert again(db, since=START - 100 * DAY).rows_changed == 0
    assert rows(db) == before


def test_where_nothing_was_scored_there_is_nothing_to_correct(db: Database) -> None:
    with pytest.raises(NothingToCorrect, match="--from: nothing was scored after 2026-12-09T15:00:00Z"):
        again(db, since=START + 100 * DAY)
    with pytest.raises(NothingToCorrect, match="nothing was scored yet"):
        again(database())
    assert corrections(db) == []


@pytest.mark.parametrize(
    ("since", "until", "touched"),
    [
        ("2026-11-16T23:59:59Z", "2026-11-17T00:00:00Z", True),
        ("2026-11-17T00:00:00Z", "2026-11-20T00:00:00Z", False),
        ("2026-01-01T00:00:00Z", "2026-11-16T00:00:00Z", False),
        ("2026-01-01T00:00:00Z", "2026-11-30T00:00:00Z", True),
    ],
)
def test_the_report_of_a_week_it_touched_says_so(since: str, until: str, touched: bool) -> None:
    db = build()
    db["corrections"].insert(
        {"made_at": "2026-12-01T00:30:00Z", "since": since, "until": until, "reason": "new <b>tagger</b>"}
        | {"rows_changed": 1200, "version_before": "trend-1", "version_after": "trend-2"}
    )
    notes = [note for note in make_report(db, choose_week(db, None), top=20, demo=False).notes if "Corrected" in note]
    if touched:
        (note,) = notes
        assert note.startswith("Corrected on 2026-12-01 09:30 KST: scores from ")
        assert note.endswith("were computed again (new <b>tagger</b>); 1,200 rows of all periods changed.")
    else:
        assert notes == []


def ostpulse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--again"], "--again: say from when, with --from TIME"),
        (["--from", "2026-09-01T00:00:00Z"], "--from and --reason go with --again"),
        (["--reason", "why"], "--from and --reason go with --again"),
        (["--again", "--from", "yesterday"], "'yesterday' is not a time such as 2026-11-20T10:00:00Z"),
        (["--again", "--from", "2026-09-01T00:00:00Z", "--until", "2026-09-02T00:00:00Z"], "goes as far as was scored"),
        (["--again", "--from", "2026-09-01T00:00:00Z"], "nothing was scored yet"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = ostpulse("score", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [
        {"platform": "x", "id": str(n), "text": ABOUT_A_SONG, "author": f"a{n}", "published_at": iso(START + n * HOUR)}
        for n in range(30)
    ]
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    assert ostpulse("import", file).exit_code == 0
    assert ostpulse("score").exit_code == 0
    said = ostpulse("score", "--again", "--from", iso(START + 10 * HOUR), "--reason", "a try")
    assert said.stdout.startswith(f"scored 20 hours from {iso(START + 10 * HOUR)} again: 0 rows changed")
    found = json.loads(ostpulse("score", "--again", "--from", iso(START), "--json").stdout)
    assert (found["from"], found["rows_changed"], found["hours"]) == (iso(START), 0, 30)
    assert found["version_before"] == found["version_after"] == "trend-1"
