from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ABOUT_A_SONG, ABOUT_NONE, NOW, FakeClock, post
from sqlite_utils import Database

from collectors.capture_files import UnreadableFile
from collectors.post_lines import CoverageLine
from collectors.records import BadLine
from models.korean_time import iso
from models.post import Reading
from tracker.importing import import_coverage, import_file
from tracker.pipeline import Pipeline, Tally
from tracker.store import get_meta, set_meta, transaction
from tracker.store_coverage import save_coverage


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    return db.execute(sql).fetchall()


def test_a_post_about_a_song_is_kept_with_link_evidence_tag_and_reading(pipeline: Pipeline, db: Database) -> None:
    assert pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon") == Tally(seen=1, new=1, linked=1)
    [(key, author, language, source)] = rows(db, "select key, author, language, source from posts")
    assert (key, language, source) == ("mastodon:1", "ko", "mastodon")
    assert author
    assert "author-of" not in str(author)
    [(song, confidence, evidence)] = rows(db, "select song, confidence, evidence from mentions")
    assert song == "i-will-go-to-you-like-the-first-snow"
    assert float(str(confidence)) >= 0.8
    assert {"name", "words", "weight"} <= set(json.loads(str(evidence))[0])
    [(tag, by, probabilities)] = rows(db, "select tag, by, probabilities from tags")
    assert (tag, by) == ("cover", "model")
    assert sum(json.loads(str(probabilities)).values()) == pytest.approx(1)
    assert rows(db, "select views, likes from readings") == [(10, None)]


def test_a_post_about_no_song_leaves_only_a_hash(pipeline: Pipeline, db: Database) -> None:
    assert pipeline.take_in([post("1", ABOUT_NONE)], source="mastodon") == Tally(seen=1, new=1, linked=0)
    assert rows(db, "select count(*) from posts") == [(0,)]
    [(stored,)] = rows(db, "select hash from passed_over")
    assert isinstance(stored, bytes)
    assert len(stored) == 8


def test_a_post_of_an_author_who_keeps_out_of_search_is_counted_never_kept(pipeline: Pipeline, db: Database) -> None:
    private = replace(post("1", ABOUT_A_SONG), searchable=False)
    assert pipeline.take_in([private], source="mastodon") == Tally(seen=1, new=1, linked=0)
    assert rows(db, "select count(*) from posts") == [(0,)]
    assert rows(db, "select source, hour, posts from seen_counts") == [("mastodon", iso(NOW), 1)]


def test_what_comes_again_is_not_new_and_not_counted_again(pipeline: Pipeline, db: Database) -> None:
    both = [post("1", ABOUT_A_SONG), post("2", ABOUT_NONE)]
    pipeline.take_in(both, source="mastodon")
    assert pipeline.take_in(both, source="mastodon") == Tally(seen=2, new=0, linked=0)
    assert rows(db, "select sum(posts) from seen_counts") == [(2,)]
    assert rows(db, "select count(*) from readings") == [(1,)]


def test_a_later_look_is_another_reading_and_the_first_moment_stays(pipeline: Pipeline, db: Database) -> None:
    first = post("1", ABOUT_A_SONG)
    later = replace(first, reading=Reading(NOW + timedelta(hours=5), views=99))
    pipeline.take_in([later, first], source="mastodon")
    assert rows(db, "select first_seen_at from posts") == [(iso(NOW),)]
    assert rows(db, "select views from readings order by observed_at") == [(10,), (99,)]


def test_a_later_edit_changes_the_words_shown_and_never_the_links(pipeline: Pipeline, db: Database) -> None:
    first = post("1", ABOUT_A_SONG)
    edited = replace(first, text="Sudden Shower by ECLIPSE", reading=Reading(NOW + timedelta(hours=5), views=99))
    for order in ([first, edited], [edited, first]):
        db.execute("delete from posts")
        for one in order:
            pipeline.take_in([one], source="mastodon")
        assert rows(db, "select text from posts") == [("Sudden Shower by ECLIPSE",)]
        assert rows(db, "select song from mentions") == [("i-will-go-to-you-like-the-first-snow",)]
        assert rows(db, "select views from readings order by observed_at") == [(10,), (99,)]


def test_a_reading_counts_even_where_the_words_name_no_song_any_more(pipeline: Pipeline, db: Database) -> None:
    first = post("1", ABOUT_A_SONG)
    changed = replace(first, text=ABOUT_NONE, reading=Reading(NOW + timedelta(hours=5), views=5000))
    pipeline.take_in([first, changed], source="mastodon")
    assert rows(db, "select views from readings order by observed_at") == [(10,), (5000,)]


def test_a_post_that_was_known_earlier_than_thought_marks_the_scores(pipeline: Pipeline, db: Database) -> None:
    late = post("1", ABOUT_A_SONG)
    pipeline.take_in([late], source="mastodon")
    with transaction(db) as connection:
        set_meta(connection, "scored_until", iso(NOW + timedelta(hours=4)))
    earlier = NOW - timedelta(minutes=30)
    pipeline.take_in([replace(late, reading=Reading(earlier))], source="mastodon")
    assert get_meta(db, "dirty_from") == iso(earlier)


def test_a_post_first_passed_over_and_later_about_a_song_is_counted_once(pipeline: Pipeline, db: Database) -> None:
    first = post("1", ABOUT_NONE)
    later = replace(first, text=ABOUT_A_SONG, reading=Reading(NOW + timedelta(hours=1)))
    assert pipeline.take_in([first], source="mastodon").new == 1
    assert pipeline.take_in([later], source="mastodon").new == 0
    assert rows(db, "select sum(posts) from seen_counts") == [(1,)]
    assert rows(db, "select count(*) from passed_over") == [(0,)]


def test_undated_counts_that_come_again_are_no_second_reading(
    pipeline: Pipeline, db: Database, clock: FakeClock
) -> None:
    undated = replace(post("1", ABOUT_A_SONG, at=NOW - timedelta(days=9)), reading=Reading(None, views=7))
    pipeline.take_in([undated], source="post_lines")
    clock.pass_by(hours=2)
    pipeline.take_in([undated], source="post_lines")
    assert rows(db, "select views from readings") == [(7,)]


def test_every_sighting_is_seen_but_a_post_is_new_once(pipeline: Pipeline) -> None:
    first = post("1", ABOUT_A_SONG)
    later = replace(first, reading=Reading(NOW + timedelta(hours=5), views=99))
    assert pipeline.take_in([first, later, first], source="mastodon") == Tally(seen=3, new=1, linked=1)


def test_counts_of_unknown_age_are_a_reading_of_the_import(pipeline: Pipeline, db: Database) -> None:
    old = replace(post("1", ABOUT_A_SONG, at=NOW - timedelta(days=9)), reading=Reading(None, views=7))
    pipeline.take_in([old], source="post_lines")
    assert rows(db, "select observed_at, views from readings") == [(iso(NOW), 7)]
    assert rows(db, "select first_seen_at from posts") == [(iso(old.published_at),)]


def test_a_persons_label_is_never_replaced(pipeline: Pipeline, db: Database) -> None:
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    db.execute("update tags set tag = 'reaction', by = 'human'")
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    assert rows(db, "select tag, by from tags") == [("reaction", "human")]


def test_late_posts_mark_the_scores_made_since(pipeline: Pipeline, db: Database) -> None:
    with transaction(db) as connection:
        set_meta(connection, "scored_until", iso(NOW + timedelta(hours=4)))
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    assert get_meta(db, "dirty_from") == iso(NOW)


@pytest.mark.parametrize("text", ["'); drop table posts; --", "<script>alert(1)</script>", "\u202e도깨비", "a\0b"])
def test_hostile_text_is_only_text(pipeline: Pipeline, db: Database, text: str) -> None:
    pipeline.take_in([post("1", f"{ABOUT_A_SONG} {text}")], source="mastodon")
    [(stored,)] = rows(db, "select text from posts")
    assert str(stored).startswith(ABOUT_A_SONG)


def write_lines(file: Path, *lines: object) -> Path:
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n", "utf-8")
    return file


LINE = {
    "platform": "tiktok",
    "id": "1",
    "text": ABOUT_A_SONG,
    "published_at": iso(NOW - timedelta(hours=2)),
    "observed_at": iso(NOW - timedelta(hours=1)),
    "views": 5,
}


def test_importing_the_same_file_twice_changes_nothing(
    pipeline: Pipeline, db: Database, clock: FakeClock, tmp_path: Path
) -> None:
    file = write_lines(tmp_path / "a.jsonl", LINE, {**LINE, "id": "2", "text": ABOUT_NONE})
    first = import_file(pipeline, file, clock=clock, on_bad=print)
    before = list(db.conn.iterdump())
    clock.pass_by(hours=1)
    again = import_file(pipeline, file, clock=clock, on_bad=print)
    assert (first.tally, first.already) == (Tally(2, 2, 1), False)
    assert (again.tally, again.already) == (Tally(), True)
    assert list(db.conn.iterdump()) == before


def test_a_bad_line_is_reported_with_its_number_and_the_rest_read(
    pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    file = write_lines(
        tmp_path / "a.jsonl",
        LINE,
        "{broken",
        {**LINE, "id": "2", "published_at": "2099-01-01T00:00:00Z"},
        "",
        {**LINE, "id": "3"},
    )
    bad: list[BadLine] = []
    done = import_file(pipeline, file, clock=clock, on_bad=bad.append)
    assert [one.number for one in bad] == [2, 3]
    assert "published_at" in bad[1].reason
    assert (done.lines, done.bad, done.tally.seen) == (4, 2, 2)


def test_a_file_that_is_not_there_is_named(pipeline: Pipeline, clock: FakeClock, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.jsonl: No such file"):
        import_file(pipeline, tmp_path / "nowhere.jsonl", clock=clock, on_bad=print)


def test_an_id_that_cannot_be_stored_costs_one_line_only(pipeline: Pipeline, clock: FakeClock, tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "a.jsonl",
        LINE,
        {**LINE, "id": "\ud800"},
        {**LINE, "id": "x" * 1000},
        {**LINE, "id": "2", "url": "https://x.example/\ud800"},
    )
    bad: list[BadLine] = []
    done = import_file(pipeline, file, clock=clock, on_bad=bad.append)
    assert [one.number for one in bad] == [2, 3]
    assert done.tally.seen == 2


def test_coverage_noted_at_the_end_of_the_last_scored_hour_is_not_missed(pipeline: Pipeline, db: Database) -> None:
    with transaction(db) as connection:
        set_meta(connection, "scored_until", iso(NOW))
        save_coverage(connection, [CoverageLine("tiktok", NOW - timedelta(hours=1), 0.4, NOW)])
    assert get_meta(db, "dirty_from") == iso(NOW - timedelta(seconds=1))


def test_coverage_lines_are_appended_once(pipeline: Pipeline, db: Database, tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "c.jsonl",
        {"platform": "tiktok", "hour": "2026-11-20T10:00:00Z", "fraction": 0.4},
        {"platform": "tiktok", "hour": "2026-11-20T11:30:00Z", "fraction": 0, "noted_at": "2026-11-21T00:00:00Z"},
        {"platform": "tiktok", "hour": "2026-11-20T12:00:00Z", "fraction": 1.4},
    )
    bad: list[BadLine] = []
    assert import_coverage(pipeline, file, on_bad=bad.append) == 2
    assert import_coverage(pipeline, file, on_bad=bad.append) == 0
    assert [one.number for one in bad] == [3, 3]
    assert rows(db, "select hour, fraction, noted_at from coverage") == [
        ("2026-11-20T10:00:00Z", 0.4, "2026-11-20T11:00:00Z"),
        ("2026-11-20T11:00:00Z", 0.0, "2026-11-21T00:00:00Z"),
    ]
