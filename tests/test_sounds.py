"""Known sounds, sounds that posts suggest, and `ostpulse sounds`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import FakeClock, post
from sqlite_utils import Database

from models.catalogue import Catalogue, Source, load_catalogue
from models.linking.linker import Linker
from models.post import Post
from models.tagging.tagger import load_tagger
from tracker.cli import main
from tracker.judge import Judge
from tracker.pipeline import Pipeline
from tracker.store import transaction
from tracker.store_sounds import SoundProposal, proposals, save_sounds, uses_of_known

SHOWER = "Sudden Shower by ECLIPSE (Lovely Runner OST)"
SNOW = "오늘 도깨비 OST 첫눈처럼 너에게 가겠다 불러봤어요 (에일리)"
SOUND = '[[sound]]\nplatform = "tiktok"\nid = "7001"\nsong = "sudden-shower"\nnote = "the release"\n'


def with_sound(number: int, sound: str | None, text: str = SHOWER, author: str | None = "") -> Post:
    given = post(str(number), text, platform="tiktok")
    url = f"https://www.tiktok.com/@/video/{number}"
    return replace(given, sound=sound, url=url, author=given.author if author == "" else author)


def proposed(db: Database) -> list[SoundProposal]:
    return proposals(db, ())


def test_a_sound_that_people_use_under_the_name_of_one_song_is_proposed(pipeline: Pipeline, db: Database) -> None:
    pipeline.take_in([with_sound(n, "7123") for n in range(6)], source="zeeschuimer")
    [one] = proposed(db)
    assert (one.platform, one.id, one.song) == ("tiktok", "7123", "sudden-shower")
    assert (one.posts, one.authors, one.share) == (6, 6, 1.0)
    assert len(one.examples) == 3
    assert one.examples[0].startswith("https://www.tiktok.com/@/video/")
    assert proposals(db, {("tiktok", "7123")}) == []


@pytest.mark.parametrize(
    "posts",
    [
        [with_sound(n, "7123") for n in range(4)],  # too few posts
        [with_sound(n, "7123", author=f"a{n % 3}") for n in range(9)],  # too few people
        [with_sound(n, "7123") for n in range(8)] + [with_sound(n, "7123", SNOW) for n in range(8, 10)],  # two songs
        [with_sound(n, None) for n in range(9)],
        [with_sound(n, "7123", "dinner was good") for n in range(9)],
    ],
)
def test_what_is_too_little_or_mixed_is_not_proposed(pipeline: Pipeline, db: Database, posts: list[Post]) -> None:
    pipeline.take_in(posts, source="zeeschuimer")
    assert proposed(db) == []


def test_nine_posts_in_ten_are_enough_and_unnamed_authors_are_people(pipeline: Pipeline, db: Database) -> None:
    posts = [with_sound(n, "7123", author=None) for n in range(9)] + [with_sound(9, "7123", SNOW)]
    pipeline.take_in(posts, source="zeeschuimer")
    [one] = proposed(db)
    assert (one.posts, one.authors, one.share) == (9, 9, 0.9)


def test_links_that_the_sound_itself_made_prove_nothing(db: Database) -> None:
    grown = load_catalogue([Source("mine.toml", SOUND)])
    pipeline = Pipeline(db, grown, b"k" * 32, clock=FakeClock(), judge=Judge(Linker(grown), load_tagger()))
    pipeline.take_in([with_sound(n, "7001", "😭😭 so good") for n in range(9)], source="zeeschuimer")
    assert db.execute("select count(*) from mentions").fetchone() == (9,)
    assert proposed(db) == []


def test_the_table_mirrors_the_catalogue(db: Database, catalogue: Catalogue, pipeline: Pipeline) -> None:
    for known in (load_catalogue([Source("mine.toml", SOUND)]), catalogue):
        with transaction(db) as connection:
            save_sounds(connection, known)
            save_sounds(connection, known)
        stored = db.execute("select platform, id, song from sounds").fetchall()
        assert stored == [(sound.platform, sound.id, sound.song) for sound in known.sounds]
    with transaction(db) as connection:
        save_sounds(connection, load_catalogue([Source("mine.toml", SOUND)]))
    pipeline.take_in([with_sound(1, "7001"), with_sound(2, "7002")], source="zeeschuimer")
    assert uses_of_known(db) == {("tiktok", "7001"): 1}


def ostpulse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def at_home(pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory whose database holds two sounds to propose and whose configuration knows a third."""
    monkeypatch.chdir(tmp_path)
    pipeline.take_in([with_sound(n, "7123") for n in range(6)], source="zeeschuimer")
    pipeline.take_in([with_sound(n, "8456", SNOW) for n in range(10, 15)], source="zeeschuimer")
    Path("known.toml").write_text(SOUND, "utf-8")
    Path("config.toml").write_text('[catalogue]\nfiles = ["known.toml"]\n', "utf-8")
    return tmp_path


def said(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ostpulse("sounds", "--json", *arguments).stdout)
    return found


def test_known_and_proposed_sounds_are_listed_apart(at_home: Path) -> None:
    found = said()
    assert [(one["id"], one["song"], one["note"]) for one in found["known"]] == [
        ("7001", "sudden-shower", "the release")
    ]
    assert [(one["number"], one["id"], one["posts"], one["authors"]) for one in found["proposed"]] == [
        (1, "7123", 6, 6),
        (2, "8456", 5, 5),
    ]
    shown = ostpulse("sounds").stdout
    assert shown.index("Known") < shown.index("7001") < shown.index("Proposed") < shown.index("7123")
    assert "https://www.tiktok.com/@/video/" in shown


def test_a_proposed_sound_counts_once_it_is_written(at_home: Path) -> None:
    done = ostpulse("sounds", "--write", "known.toml", "--id", 2)
    assert done.exit_code == 0, done.output
    assert "is named in the configuration" in done.stdout
    text = Path("known.toml").read_text("utf-8")
    assert text.startswith(SOUND)
    grown = load_catalogue([Source("known.toml", text)])
    assert grown.song_of_sound("tiktok", "8456") == "i-will-go-to-you-like-the-first-snow"
    assert grown.song_of_sound("tiktok", "7123") is None
    assert "5 posts of 5 people" in grown.sounds[-1].note
    assert [one["id"] for one in said()["proposed"]] == ["7123"]


def test_all_are_written_by_default_and_none_twice(at_home: Path) -> None:
    assert "added 2 sounds" in ostpulse("sounds", "--write", "new.toml").stdout
    text = Path("new.toml").read_text("utf-8")
    assert len(load_catalogue([Source("new.toml", text)]).sounds) == 2
    again = ostpulse("sounds", "--write", "new.toml").stdout
    assert "stands there already" in again
    assert Path("new.toml").read_text("utf-8") == text


def test_wrong_numbers_are_said_in_one_line(at_home: Path) -> None:
    for arguments, message in (
        (("--write", "new.toml", "--id", 3), "--id: there is no number 3; `ostpulse sounds` proposes 2\n"),
        (("--id", 1), "--id N says which sounds to write: it needs --write FILE\n"),
    ):
        done = ostpulse("sounds", *arguments)
        assert (done.exit_code, done.stderr) == (2, message)
    assert not Path("new.toml").exists()


def test_without_sounds_it_says_none(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ostpulse("sounds").stdout == "known: none\nproposed: none\n"
    done = ostpulse("sounds", "--write", "new.toml")
    assert (done.exit_code, done.stderr) == (2, "--write: no sound is proposed\n")
