"""`ostpulse label` from a pipe and at a terminal, and the labels that it lists and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from fakes import NOW
from sqlite_utils import Database

from models.asking import is_set_apart
from models.post import Post
from tracker.cli import main
from tracker.labelled import labelled_line, read_labelled
from tracker.labelling import ENTER
from tracker.lock import only_writer

SHOWER, SWEET = "sudden-shower", "sweet-night"
TEXTS = {
    "cover": "오늘 도깨비 OST 첫눈처럼 너에게 가겠다 불러봤어요 (에일리)",
    "listen": "first listen to Sudden Shower by ECLIPSE (Lovely Runner OST), no words left in me",
    "perhaps": "sweet night V, eu 🎻",
    "piano": "Stay With Me (Chanyeol & Punch, Goblin OST) on a piano that has not been tuned since 1994",
    "news": "Gummy's You Are My Everything from Descendants of the Sun is back on the chart this week",
    "guitar": "Aloha - Cho Jung-seok (Hospital Playlist OST) fingerstyle guitar, tab in the comments",
}
IDS = {name: next(f"{name}{n}" for n in range(1000) if not is_set_apart(f"mastodon:{name}{n}")) for name in TEXTS}
"""Ids by which no post is among those drawn by lot."""


def ostpulse(*arguments: object, input: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a database of six posts about songs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "mina")
    lines = [
        {"platform": "mastodon", "id": IDS[name], "text": text, "author": "somebody",
         "published_at": "2026-11-20T10:00:00Z"} for name, text in TEXTS.items()
    ]  # fmt: skip
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert ostpulse("import", "posts.jsonl").exit_code == 0
    return tmp_path


def listed(*arguments: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(ostpulse("label", "--json", *arguments).stdout)
    return rows


def test_a_scripted_session_label_by_label(at_home: Path) -> None:
    result = ostpulse("label", input="c\n\ns\n1e\nq\n")
    assert result.exit_code == 0, result.output
    assert "3 stored, 1 skipped; 3 posts labelled in all" in result.stdout
    labels = listed()
    assert [one["by"] for one in labels] == ["mina"] * 3
    assert (labels[0]["tag"], labels[2]["tag"]) == ("cover", "edit")
    assert set(labels[0]) == {"post", "tag", "songs", "by", "at", "picked"}
    resumed = ostpulse("label", "--by", "ji-ho", "--count", 1, input="r\nr\nr\n")
    assert "1 stored, 0 skipped; 4 posts labelled in all" in resumed.stdout
    assert listed()[-1]["by"] == "ji-ho"


def test_a_song_is_named_from_a_pipe_in_one_line_or_three(at_home: Path) -> None:
    key = f"mastodon:{IDS['perhaps']}"
    ostpulse("label", key, input="+\nsudden shower\n1\n1c\n")
    assert listed(key)[0]["songs"] == [SHOWER, SWEET]
    ostpulse("label", key, input="+sudden shower\n1c\n")
    assert listed(key)[0]["songs"] == [SWEET]


def test_a_broken_pipe_of_keys_is_one_line(at_home: Path) -> None:
    result = ostpulse("label", input=b"\xff\xfe\n")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == ["what comes from the pipe is not UTF-8 text"]


def test_at_a_terminal_one_keypress_is_enough(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.commands.label import _Terminal

    pressed = iter(["h", "\r", "\x1b[A", KeyboardInterrupt(), EOFError()])

    def getchar() -> str:
        found = next(pressed)
        if isinstance(found, BaseException):
            raise found
        return found

    monkeypatch.setattr(click, "getchar", getchar)
    keyboard = _Terminal()
    assert [keyboard.key() for _ in range(5)] == ["h", ENTER, "\x1b[A", None, None]


def test_exported_labels_are_read_as_labelled_post_lines(at_home: Path) -> None:
    ostpulse("label", input="c\n" * 6)
    result = ostpulse("label", "--export", "mine.jsonl")
    assert result.exit_code == 0
    text = (at_home / "mine.jsonl").read_text("utf-8")
    assert "somebody" not in text
    assert all("author" not in json.loads(line) for line in text.splitlines())
    bad: list[object] = []
    read = list(read_labelled(Path("mine.jsonl"), on_bad=lambda number, reason: bad.append(reason)))
    labels = {one["post"]: one for one in listed()}
    assert not bad
    assert {one.post.key: (one.label.tag, sorted(one.label.songs or ())) for one in read} == {
        key: (one["tag"], one["songs"]) for key, one in labels.items()
    }
    assert {one.post.text for one in read} == set(TEXTS.values())
    assert ostpulse("label", "--export", "-").stdout == text
    assert json.loads(ostpulse("evaluate", "mine.jsonl", "--json").stdout)["posts"] == 6


def test_a_post_of_hashtags_alone_is_exported_so_that_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(
        json.dumps(labelled_line(Post("x", "1", NOW, hashtags=("suddenshower",)), tag="edit", songs=[], picked="asked"))
    )
    [one] = read_labelled(tmp_path / "one.jsonl", on_bad=lambda number, reason: pytest.fail(reason))
    assert (one.post.hashtags, one.label.tag, one.label.songs) == (("suddenshower",), "edit", frozenset())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["label", "youtube:nowhere"], "youtube:nowhere: no stored post has this key"),
        (["label", "--json", "--export", "x"], "--json and --export do not go together"),
        (["label", "--count", "0"], "0 is not in the range"),
        (["--db", "none.db", "label"], "none.db: there is no such database yet"),
        (["--db", "none.db", "label", "--json"], "none.db: there is no such database yet"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(at_home: Path, arguments: list[str], said: str) -> None:
    result = ostpulse(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (at_home / "none.db").exists()


def test_while_the_daemon_writes_nobody_labels(at_home: Path) -> None:
    with only_writer(at_home / "ostpulse.db", task="daemon"):
        result = ostpulse("label", input="c\n")
    assert result.exit_code == 2
    assert "in use by another ostpulse (daemon, process" in result.stderr
    assert listed() == []


def test_nothing_to_ask_is_said(at_home: Path) -> None:
    ostpulse("label", input="c\n" * 6)
    assert "nothing to ask" in ostpulse("label", input="").stdout


def test_a_label_survives_the_import_of_the_same_post(at_home: Path) -> None:
    key = f"mastodon:{IDS['cover']}"
    ostpulse("label", key, input="1o\n")
    (at_home / "again.jsonl").write_text((at_home / "posts.jsonl").read_text("utf-8") + "\n", "utf-8")
    assert "seen 6" in ostpulse("import", "again.jsonl").stdout
    [said] = [json.loads(line) for line in ostpulse("tag", "posts.jsonl").stdout.splitlines()][:1]
    assert said["tag"] == "cover", "the model still says otherwise"
    db = Database(at_home / "ostpulse.db")
    assert db.execute("select tag, by from tags where post = ?", [key]).fetchone() == ("other", "human")
    assert db.execute("select count(*) from mentions where post = ?", [key]).fetchone() == (0,)
    db.conn.close()
