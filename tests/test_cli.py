from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from fakes import ABOUT_A_SONG, ABOUT_NONE

from models.post import TAGS
from tracker.cli import main

SHOWER = "Sudden Shower by ECLIPSE (Lovely Runner OST) 😭"
LINES = [
    {"platform": "youtube", "id": "1", "title": ABOUT_A_SONG, "published_at": "2026-09-01T10:00:00Z"},
    {"platform": "tiktok", "id": "2", "text": ABOUT_NONE, "published_at": "2026-09-02T10:00:00Z"},
    {"platform": "x", "id": "3", "text": SHOWER, "published_at": "2026-09-03T10:30:00Z"},
]


def ostpulse(*arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)


def lines_file(folder: Path, lines: list[Any] = LINES) -> Path:
    file = folder / "posts.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return file


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new, empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_has_help_and_stands_in_the_readme_and_the_contract() -> None:
    readme, contract = (ROOT / "README.md").read_text("utf-8"), (ROOT / "docs/contract.md").read_text("utf-8")
    for name, command in main.commands.items():
        assert command.help, name
        assert f"`{name}" in readme, name
        assert f"`{name}" in contract, name
        assert ostpulse(name, "--help").exit_code == 0


def test_every_source_and_setting_stands_in_the_packaged_configuration() -> None:
    from collectors.sources import SOURCES
    from tracker.config import Config, packaged_default

    text = packaged_default()
    for name in SOURCES:
        assert f"[collect.{name}]" in text
    for section in Config.model_fields:
        assert f"[{section}" in text


def test_songs_are_listed_as_the_contract_says(at_home: Path) -> None:
    found = json.loads(ostpulse("songs", "--json").stdout)
    assert len(found) == 202
    shower = next(song for song in found if song["id"] == "sudden-shower")
    assert shower["hangul"] == "소나기"
    assert shower["drama"] == {"id": "lovely-runner", "title": "Lovely Runner"}
    assert {artist["id"] for artist in shower["artists"]} == {"eclipse", "byeon-woo-seok"}
    assert "Sonagi" in shower["aliases"]
    assert "sudden-shower" in ostpulse("songs", "소나기").stdout


def test_tag_writes_one_line_a_post_in_order_without_a_database(at_home: Path) -> None:
    result = ostpulse("tag", lines_file(at_home))
    said = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["key"] for one in said] == ["youtube:1", "tiktok:2", "x:3"]
    assert [[song["song"] for song in one["songs"]] for one in said] == [
        ["i-will-go-to-you-like-the-first-snow"],
        [],
        ["sudden-shower"],
    ]
    for one in said:
        assert set(one) == {"key", "songs", "possible", "tag", "confidence", "probabilities", "language"}
        assert list(one["probabilities"]) == list(TAGS)
        assert sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-9)
        assert one["confidence"] == max(one["probabilities"].values()) == one["probabilities"][one["tag"]]
    assert said[0]["songs"][0]["evidence"]
    assert not list(at_home.glob("*.db*"))


def test_tag_reads_standard_input_and_skips_bad_lines(at_home: Path) -> None:
    result = ostpulse("tag", "-", input=json.dumps(LINES[0]) + "\nnot json\n" + json.dumps(LINES[1]) + "\n")
    assert len(result.stdout.splitlines()) == 2
    assert "-:2: is not JSON" in result.stderr
    assert result.exit_code == 0


def test_import_score_explain_status_from_an_empty_folder(at_home: Path) -> None:
    assert "posts.jsonl: post_lines, 3 lines, seen 3, new 3, linked 2" in ostpulse("import", lines_file(at_home)).stdout
    assert "read before" in ostpulse("import", lines_file(at_home)).stdout
    assert ostpulse("score").exit_code == 0
    explained = ostpulse("explain", "sudden-shower")
    assert explained.exit_code == 0
    assert "Sudden Shower" in explained.stdout
    status = json.loads(ostpulse("status", "--json").stdout)
    assert status["posts"] == 2
    assert status["scored_until"] == "2026-09-03T11:00:00Z"
    assert {"name", "enabled", "needs_key"} <= set(status["sources"][0])
    assert {source["name"]: source["needs_key"] for source in status["sources"]}["reddit"] is True
    assert ostpulse("status").exit_code == 0


def test_the_common_options_stand_before_the_command(at_home: Path) -> None:
    assert ostpulse("--db", "mine.db", "import", lines_file(at_home)).exit_code == 0
    assert (at_home / "mine.db").is_file()
    assert not (at_home / "ostpulse.db").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "nowhere.jsonl"], "nowhere.jsonl: No such file or directory"),
        (["import", "odd.txt"], "odd.txt: line 1: neither post lines nor a Zeeschuimer capture"),
        (["--config", "bad.toml", "status"], "bad.toml:1: serve.prt: unknown setting, did you mean 'port'?"),
        (["--config", "none.toml", "status"], "none.toml: No such file or directory"),
        (["--db", "odd.txt", "score"], "odd.txt: file is not a database"),
        (["explain", "sudden-shower"], "ostpulse.db: there is no such database yet"),
        (["collect", "myspace"], "there is no source 'myspace'"),
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl: No such file or directory"),
        (["score", "--until", "tomorrow"], "'tomorrow' is not a time such as"),
        (["report", "--week", "W47"], "ostpulse.db: there is no such database yet"),
        (["serve", "--port", "many"], "'many' is not a valid int"),
        (["--nope"], "No such option"),
        (["import"], "name at least one file"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(at_home: Path, arguments: list[str], said: str) -> None:
    (at_home / "odd.txt").write_text("hello world, this is not what you expected" * 40)
    (at_home / "bad.toml").write_text("serve.prt = 3\n")
    result = ostpulse(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


def test_what_cannot_be_written_is_one_line(at_home: Path) -> None:
    (at_home / "taken").write_text("a file, not a folder")
    result = ostpulse("--db", "taken/o.db", "import", lines_file(at_home))
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "taken" in result.stderr


def test_a_section_keeps_the_packaged_settings_it_does_not_name(at_home: Path) -> None:
    (at_home / "config.toml").write_text('[collect.mastodon]\nbase_url = "http://127.0.0.1:9"\n')
    result = ostpulse("collect", "mastodon")
    assert result.exit_code == 1
    assert "cannot be reached" in result.stdout


@pytest.mark.parametrize("arguments", [["explain", "no-such-song"], ["report", "--week", "W47"], ["report"]])
def test_wrong_questions_to_a_database_are_one_line_and_status_2(at_home: Path, arguments: list[str]) -> None:
    ostpulse("import", lines_file(at_home))
    ostpulse("score")
    result = ostpulse(*arguments)
    assert result.exit_code == 2, result.output
    assert len(result.stderr.strip().splitlines()) == 1


def test_collect_without_a_network_fails_alone_in_one_clear_line_each(at_home: Path) -> None:
    (at_home / "config.toml").write_text(
        "[collect.mastodon]\nservers = ['a.example']\nhashtags = ['ost']\nbase_url = 'http://127.0.0.1:9'\n"
        "seconds_between_requests = 0\n"
        "[collect.lemmy]\nservers = ['b.example']\nsearches = ['ost']\nbase_url = 'http://127.0.0.1:9'\n"
        "seconds_between_requests = 0\n"
        "[collect.reddit_feed]\nenabled = false\n[collect.reddit]\nenabled = true\n"
    )
    ostpulse("import", lines_file(at_home))
    result = ostpulse("collect")
    assert result.exit_code == 1
    said = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert set(said) == {"mastodon", "youtube_feed", "lemmy", "reddit"}
    assert "failed" in said["mastodon"]
    assert "cannot be reached" in said["mastodon"]
    assert "REDDIT_CLIENT_ID" in said["reddit"]
    assert "Traceback" not in result.output
    assert json.loads(ostpulse("status", "--json").stdout)["posts"] == 2


def test_evaluate_measures_tags_and_links(at_home: Path) -> None:
    song = "i-will-go-to-you-like-the-first-snow"
    labelled = [
        {**LINES[0], "tag": "cover", "songs": [song]},
        {**LINES[1], "tag": "other", "songs": []},
        {**LINES[2], "tag": "reaction", "songs": [], "acceptable": ["sudden-shower"]},
    ]
    file = lines_file(at_home, labelled)
    found = json.loads(ostpulse("evaluate", file, "--json").stdout)
    assert found["links"]["precision"] == found["links"]["recall"] == 1.0
    assert found["tags"]["posts"] == 3
    assert set(found["tags"]["tags"]) == set(TAGS)
    shown = ostpulse("evaluate", file)
    assert "macro-F1" in shown.stdout
    assert "precision" in shown.stdout
