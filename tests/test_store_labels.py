"""Labels in the database: they win, they are undone to the byte, and they come out again as posts to learn from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import ABOUT_A_SONG, NOW, FakeClock, post
from sqlite_utils import Database

from models.asking import Candidate
from models.korean_time import iso
from models.linking.linker import POSSIBLE, SURE
from models.post import TAGS, Reading
from tracker.pipeline import Pipeline
from tracker.store import get_meta, set_meta, transaction
from tracker.store_labels import (
    BY_A_PERSON,
    StoredLabel,
    clusters_of,
    count_asked,
    keys_by_lot,
    label_of,
    labelled_posts,
    labels_in_force,
    save_label,
    undo_label,
    unlabelled,
)

SNOW = "i-will-go-to-you-like-the-first-snow"
KEY = "mastodon:1"
TABLES = ("posts", "tags", "mentions", "possible_mentions", "readings", "copies")


@pytest.fixture
def stored(pipeline: Pipeline, db: Database) -> Database:
    """A database with three posts that mention a song, the last one perhaps."""
    texts = [ABOUT_A_SONG, "Sudden Shower by ECLIPSE (Lovely Runner OST) first listen", "sweet night V, eu 🎻"]
    pipeline.take_in([post(str(number), text) for number, text in enumerate(texts, 1)], source="mastodon")
    assert db.execute("select count(*) from posts").fetchone() == (3,)
    return db


def label(key: str = KEY, tag: str = "reaction", songs: tuple[str, ...] = (SNOW,), **more: str) -> StoredLabel:
    fields = {"by": "mina", "at": iso(NOW), "picked": "useful", **more}
    return StoredLabel(key, tag, songs, **fields)


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(db.execute(f"select * from {table}").fetchall(), key=repr) for table in TABLES}


def songs_of(db: Database, key: str = KEY, table: str = "mentions") -> list[tuple[object, ...]]:
    return db.execute(f"select song, confidence, evidence from {table} where post = ? order by song", [key]).fetchall()


def test_a_label_becomes_the_tag_and_the_links_of_the_post(stored: Database) -> None:
    [(_, _, evidence)] = songs_of(stored)
    save_label(stored, label(songs=(SNOW, "sweet-night")))
    row = stored.execute(
        "select tag, confidence, by, version, probabilities from tags where post = ?", [KEY]
    ).fetchone()
    assert row[:4] == ("reaction", 1.0, "human", "human")
    assert json.loads(row[4]) == {tag: float(tag == "reaction") for tag in TAGS}
    assert songs_of(stored) == [(SNOW, 1.0, evidence), ("sweet-night", 1.0, BY_A_PERSON)]
    assert json.loads(BY_A_PERSON) == [{"name": "labelled by a person", "words": "", "weight": 0}]


def test_a_label_leaves_nothing_possible(stored: Database) -> None:
    [(song, _, evidence)] = songs_of(stored, "mastodon:3", "possible_mentions")
    save_label(stored, label("mastodon:3", songs=()))
    assert songs_of(stored, "mastodon:3") == songs_of(stored, "mastodon:3", "possible_mentions") == []
    save_label(stored, label("mastodon:3", songs=("sweet-night",)))
    assert songs_of(stored, "mastodon:3") == [(song, 1.0, evidence)]


def test_who_when_and_why_are_kept(stored: Database) -> None:
    given = label(tag="cover", by="ji-ho", at="2026-11-20T12:30:00Z", picked="random")
    save_label(stored, given)
    assert label_of(stored, KEY) == given
    assert label_of(stored, "mastodon:2") is None
    assert stored.execute("select undone_at from labels").fetchall() == [(None,)]


def test_undoing_restores_every_byte(stored: Database) -> None:
    before = everything(stored)
    for key in (KEY, "mastodon:3"):
        save_label(stored, label(key, "edit", ("sweet-night",)))
        assert everything(stored) != before
        undone = undo_label(stored, by="mina", now=NOW + timedelta(hours=1))
        assert undone == label(key, "edit", ("sweet-night",))
        assert everything(stored) == before
    assert stored.execute("select distinct undone_at from labels").fetchall() == [(iso(NOW + timedelta(hours=1)),)]
    assert labels_in_force(stored) == []
    assert undo_label(stored, by="mina", now=NOW) is None


def test_undoing_a_second_label_brings_the_first_one_back(stored: Database) -> None:
    save_label(stored, label(tag="edit", songs=()))
    first = everything(stored)
    save_label(stored, label(tag="cover", by="ji-ho"))
    assert [one.tag for one in labels_in_force(stored)] == ["cover"]
    assert undo_label(stored, by="mina", now=NOW) is None, "somebody else's label lies over hers"
    assert undo_label(stored, by="ji-ho", now=NOW) == label(tag="cover", by="ji-ho")
    assert everything(stored) == first
    assert label_of(stored, KEY) == label(tag="edit", songs=())


def test_undo_goes_back_label_by_label_and_can_be_held_to_one_post(stored: Database) -> None:
    for key in (KEY, "mastodon:2", "mastodon:3"):
        save_label(stored, label(key))
    undone = [undo_label(stored, by="mina", now=NOW, post=key) for key in (KEY, None, None, None)]
    assert [one.post if one else None for one in undone] == [KEY, "mastodon:3", "mastodon:2", None]


def test_what_a_model_found_keeps_its_evidence_through_two_labels(stored: Database) -> None:
    before = songs_of(stored)
    save_label(stored, label(songs=()))
    save_label(stored, label(songs=(SNOW,)))
    assert [evidence for *_, evidence in songs_of(stored)] == [evidence for *_, evidence in before]


def test_a_label_wins_when_the_post_is_judged_again(stored: Database, pipeline: Pipeline) -> None:
    save_label(stored, label(tag="other", songs=("sweet-night",)))
    before = everything(stored)
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    assert everything(stored) == before
    earlier = replace(post("1", ABOUT_A_SONG), reading=Reading(NOW - timedelta(minutes=30), views=3))
    pipeline.take_in([earlier], source="mastodon")
    after = everything(stored)
    assert {table: after[table] for table in ("tags", "mentions", "possible_mentions")} == {
        table: before[table] for table in ("tags", "mentions", "possible_mentions")
    }


def test_an_undone_label_wins_no_more(stored: Database, pipeline: Pipeline) -> None:
    before = everything(stored)
    save_label(stored, label(tag="other", songs=()))
    undo_label(stored, by="mina", now=NOW)
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    assert everything(stored) == before


def test_a_label_marks_no_score_as_dirty(stored: Database) -> None:
    with transaction(stored) as connection:
        set_meta(connection, "scored_until", iso(NOW + timedelta(hours=4)))
    save_label(stored, label())
    undo_label(stored, by="mina", now=NOW)
    assert get_meta(stored, "dirty_from") is None


def test_labels_go_with_their_post(stored: Database) -> None:
    save_label(stored, label())
    stored.execute("delete from posts where key = ?", [KEY])
    assert labels_in_force(stored) == []


def test_unlabelled_posts_come_with_what_the_models_said(stored: Database) -> None:
    found = {one.key: one for one in unlabelled(stored)}
    assert set(found) == {KEY, "mastodon:2", "mastodon:3"}
    assert sum(found[KEY].probabilities) == pytest.approx(1)
    assert found[KEY].language == "ko"
    assert all(confidence >= SURE for confidence in found["mastodon:2"].links)
    [maybe] = found["mastodon:3"].links
    assert POSSIBLE <= maybe < SURE
    save_label(stored, label())
    assert {one.key for one in unlabelled(stored)} == {"mastodon:2", "mastodon:3"}
    undo_label(stored, by="mina", now=NOW)
    assert {one.key for one in unlabelled(stored)} == set(found)


def test_posts_without_a_link_are_not_asked_about_and_those_without_a_tag_are(stored: Database) -> None:
    stored.execute("delete from mentions where post = 'mastodon:2'")
    stored.execute("delete from tags where post = ?", [KEY])
    found = {one.key: one for one in unlabelled(stored)}
    assert set(found) == {KEY, "mastodon:3"}
    assert found[KEY].probabilities == ()


def test_clusters_are_known_where_copies_are(stored: Database) -> None:
    stored.execute("delete from copies")
    stored["copies"].insert({"post": KEY, "cluster": "mastodon:0", "exact": b"1"})
    assert clusters_of(stored, [KEY, "mastodon:2"]) == {KEY: "mastodon:0"}
    assert {one.key: one.cluster for one in unlabelled(stored)} == {
        KEY: "mastodon:0", "mastodon:2": None, "mastodon:3": None,
    }  # fmt: skip
    assert all(isinstance(one, Candidate) for one in unlabelled(stored))


def test_labelled_posts_are_given_once_with_the_label_that_holds(stored: Database, clock: FakeClock) -> None:
    save_label(stored, label("mastodon:2", picked="random"))
    save_label(stored, label(tag="edit"))
    save_label(stored, label("mastodon:2", tag="challenge", picked="asked"))
    found = labelled_posts(stored)
    assert [(one.key, given.tag) for one, given in found] == [(KEY, "edit"), ("mastodon:2", "challenge")]
    assert found[0][0].text == ABOUT_A_SONG
    assert found[0][0].author is None
    assert keys_by_lot(stored) == {"mastodon:2"}
    assert count_asked(stored) == (2, 1)


def test_a_label_for_a_song_that_does_not_exist_changes_nothing(stored: Database) -> None:
    before = everything(stored)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        save_label(stored, label(songs=("no-such-song",)))
    assert everything(stored) == before
    assert labels_in_force(stored) == []
