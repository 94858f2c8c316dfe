"""`ostpulse evaluate` on a file and on the user's own labels, and the record it keeps."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import ABOUT_A_SONG, ABOUT_NONE, NOW, post
from sqlite_utils import Database

from models.catalogue import Catalogue
from models.evaluation.recorded import RecordError, with_entry
from models.korean_time import iso
from tracker.cli import main
from tracker.judge import Judge
from tracker.measuring import NothingLabelled, measure_random_labels
from tracker.pipeline import Pipeline
from tracker.store import open_db

SONG = "i-will-go-to-you-like-the-first-snow"
REACTION = "Sudden Shower by ECLIPSE (Lovely Runner OST) first listen reaction"
LINES: list[dict[str, Any]] = [
    {"platform": "youtube", "id": "1", "title": ABOUT_A_SONG, "tag": "cover", "songs": [SONG]},
    {"platform": "youtube", "id": "2", "text": ABOUT_NONE, "tag": "other", "songs": []},
    {
        "platform": "tiktok",
        "id": "3",
        "text": REACTION,
        "tag": "reaction",
        "songs": [],
        "acceptable": ["sudden-shower"],
    },
]


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ostpulse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def lines_file(folder: Path, lines: list[dict[str, Any]] = LINES, name: str = "mine.jsonl") -> Path:
    file = folder / name
    dated = ({"published_at": "2026-11-20T10:00:00Z", **line} for line in lines)
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in dated), "utf-8")
    return file


def label(db: Database, key: str, tag: str | None, **more: Any) -> None:
    songs = json.dumps(more.pop("songs", None))  # null in JSON: to SQLite 3.40 NULL is no valid JSON
    db["labels"].insert(
        {"post": key, "tag": tag, "songs": songs, "by": "tester", "before": "{}",
         "picked": "random", "at": iso(NOW), **more}
    )  # fmt: skip


@pytest.fixture
def stored(db: Database, pipeline: Pipeline) -> Database:
    """A database that holds two posts about songs, 'mastodon:a' (a cover) and 'mastodon:b' (a reaction)."""
    pipeline.take_in([post("a", ABOUT_A_SONG), post("b", REACTION)], source="mastodon")
    return db


def test_json_holds_every_figure_with_its_interval(at_home: Path) -> None:
    found = json.loads(ostpulse("evaluate", lines_file(at_home), "--json").stdout)
    tags, links = found["tags"], found["links"]
    assert found["posts"] == tags["posts"] == links["posts"] == 3
    assert set(found["versions"]) == {"linker", "tagger"}
    assert tags["tags"]["cover"]["recall_interval"] == [0.2065, 1.0]
    assert set(tags["platforms"]) == set(links["platforms"]) == {"youtube", "tiktok"}
    assert tags["macro_f1_common"] is None
    assert tags["risk_coverage"][-1]["coverage"] == 1.0
    assert sum(one["posts"] for one in tags["calibration"]) == 3
    assert tags["keyword_rule"]["tags"]["reaction"]["right"] == 1
    assert (links["right"], links["wrong"], links["posts_wrong"]) == (1, 0, 0)
    assert links["possible"] == {"right": 0, "wrong": 0}
    assert links["keyword_rule"]["right"] == 1
    assert tags["too_few"] is True


def test_tables_show_intervals_the_keyword_rule_and_what_is_too_few(at_home: Path) -> None:
    shown = ostpulse("evaluate", lines_file(at_home)).stdout
    for words in ("1.00 [.21-1.00]", "too few", "youtube", "calibration error", "Confusion", "Risk and coverage"):
        assert words in shown
    assert shown.count("The keyword rule: ") == 2
    assert "Kept apart as possible" in shown


def test_only_what_is_labelled_is_measured(at_home: Path) -> None:
    tags_only = [{key: value for key, value in line.items() if key not in ("songs", "acceptable")} for line in LINES]
    file = lines_file(at_home, tags_only)
    assert json.loads(ostpulse("evaluate", file, "--json").stdout)["links"] is None
    assert "Links:" not in ostpulse("evaluate", file).stdout


def test_a_file_without_labels_is_one_line(at_home: Path) -> None:
    file = lines_file(at_home, [{key: line[key] for key in ("platform", "id", "text")} for line in LINES[1:]])
    result = ostpulse("evaluate", file)
    assert result.exit_code == 2
    assert result.stderr == f"{file}: no line has a tag or songs, so there is nothing to measure\n"


def test_record_adds_and_replaces_the_entry_of_the_file(at_home: Path) -> None:
    out = at_home / "quality.json"
    first, second = lines_file(at_home), lines_file(at_home, LINES[:2], name="another.jsonl")
    for file, day in ((first, "2026-11-20"), (second, "2026-11-21"), (first, "2026-11-22")):
        assert ostpulse("evaluate", file, "--record", out, "--date", day).exit_code == 0
    recorded = json.loads(out.read_text("utf-8"))
    assert list(recorded) == ["another", "mine"]
    assert (recorded["mine"]["date"], recorded["mine"]["posts"], recorded["mine"]["file"]) == (
        "2026-11-22",
        3,
        "mine.jsonl",
    )
    assert recorded["mine"]["checksum"] == hashlib.blake2b(first.read_bytes(), digest_size=16).hexdigest()
    measured = json.loads(ostpulse("evaluate", first, "--json").stdout)
    assert {key: recorded["mine"][key] for key in measured} == measured


def test_the_same_measurement_writes_the_same_bytes(at_home: Path) -> None:
    file = lines_file(at_home)
    for out in ("one.json", "two.json"):
        ostpulse("evaluate", file, "--record", out, "--date", "2026-11-22")
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mine.jsonl", "--record", "out.json"], "--record and --date go together"),
        (["mine.jsonl", "--date", "2026-11-22"], "--record and --date go together"),
        (["--record", "out.json", "--date", "2026-11-22"], "--record needs a FILE with a name"),
        (["-", "--record", "out.json", "--date", "2026-11-22"], "--record needs a FILE with a name"),
        (["mine.jsonl", "--record", "out.json", "--date", "today"], "'today' does not match the format '%Y-%m-%d'"),
        (["mine.jsonl", "--record", "mine.jsonl", "--date", "2026-11-22"], "mine.jsonl: is not JSON"),
        (["mine.jsonl", "--record", "odd.json", "--date", "2026-11-22"], "odd.json: holds something else"),
        ([], "ostpulse.db: there is no such database yet"),
    ],
)
def test_wrong_use_is_one_line(at_home: Path, arguments: list[str], said: str) -> None:
    lines_file(at_home)
    (at_home / "odd.json").write_text('{"mine": [1, 2]}')
    result = ostpulse("evaluate", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (at_home / "out.json").exists()


def test_a_record_that_is_none_is_refused_by_name() -> None:
    for content in (b"\xff", b"[]", b"[" * 100_000):
        with pytest.raises(RecordError, match=r"^x\.json: "):
            with_entry(content, "mine", {}, where="x.json")


def test_without_a_file_the_labels_of_posts_picked_at_random_count(
    stored: Database, catalogue: Catalogue, judge: Judge
) -> None:
    label(stored, "mastodon:a", "cover", songs=[SONG])
    label(stored, "mastodon:b", "cover", picked="useful", songs=[])
    found = measure_random_labels(stored, catalogue, judge)
    assert found["posts"] == found["tags"]["posts"] == found["links"]["posts"] == 1
    assert found["tags"]["tags"]["cover"]["right"] == 1
    assert found["links"]["right"] == 1
    assert found["tags"]["platforms"]["mastodon"]["posts"] == 1


def test_the_newest_label_that_stands_is_the_truth(stored: Database, catalogue: Catalogue, judge: Judge) -> None:
    label(stored, "mastodon:a", "edit", at="2026-11-20T12:00:00Z", songs=[SONG])
    label(stored, "mastodon:a", "cover", at="2026-11-20T12:00:00Z", picked="asked")  # corrects the tag, says no songs
    label(stored, "mastodon:a", "challenge", at="2026-11-21T12:00:00Z", undone_at="2026-11-21T12:00:05Z")
    label(stored, "mastodon:b", "cover", undone_at="2026-11-21T12:00:05Z")
    label(stored, "mastodon:b", "reaction", picked="useful")
    found = measure_random_labels(stored, catalogue, judge)
    assert {tag: one["posts"] for tag, one in found["tags"]["tags"].items() if one["posts"]} == {"cover": 1}
    assert (found["links"]["posts"], found["links"]["right"]) == (1, 1)


def test_the_words_are_judged_anew_whatever_is_stored(stored: Database, catalogue: Catalogue, judge: Judge) -> None:
    stored.execute("update tags set tag = 'edit', by = 'human'")
    label(stored, "mastodon:a", "edit")
    found = measure_random_labels(stored, catalogue, judge)
    assert found["tags"]["tags"]["edit"]["right"] == 0
    assert found["tags"]["tags"]["edit"]["missed"] == 1


def test_no_label_at_random_is_a_complaint(stored: Database, catalogue: Catalogue, judge: Judge) -> None:
    label(stored, "mastodon:a", "cover", picked="useful")
    label(stored, "mastodon:b", None)  # shown and passed over
    with pytest.raises(NothingLabelled, match="ostpulse label"):
        measure_random_labels(stored, catalogue, judge)


def test_the_command_says_how_many_labels_there_are(at_home: Path) -> None:
    ostpulse("import", lines_file(at_home))
    empty = ostpulse("evaluate")
    assert (empty.exit_code, len(empty.stderr.strip().splitlines())) == (2, 1)
    db = open_db(at_home / "ostpulse.db")
    label(db, "youtube:1", "cover")
    db.conn.close()
    shown = ostpulse("evaluate")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("Your labels of posts picked at random: 1, 1 with a tag, 0 with songs.")
    assert json.loads(ostpulse("evaluate", "--json").stdout)["tags"]["posts"] == 1
