"""Posts that name only a drama or an artist are counted by day and not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import ABOUT_A_SONG, ABOUT_NONE, NOW, post
from sqlite_utils import Database

from tracker.pipeline import Pipeline

ABOUT_A_DRAMA = "Crash Landing on You 다시 정주행 중, episode 7 made me laugh"


def buzz(db: Database) -> dict[tuple[str, str], int]:
    return {(row["subject"], row["day"]): row["posts"] for row in db.query("select * from buzz")}


def test_a_post_that_names_only_a_drama_is_counted_by_korean_day_and_not_kept(pipeline: Pipeline, db: Database) -> None:
    late = replace(post("2", ABOUT_A_DRAMA), published_at=NOW.replace(hour=15, minute=30) - timedelta(days=1))
    tally = pipeline.take_in([post("1", ABOUT_A_DRAMA), late], source="mastodon")
    assert (tally.new, tally.linked) == (2, 0)
    assert buzz(db) == {("crash-landing-on-you", "2026-11-20"): 2}
    assert db.table("posts").count == 0


def test_a_post_is_counted_once_however_often_it_comes(pipeline: Pipeline, db: Database) -> None:
    for _ in range(3):
        pipeline.take_in([post("1", ABOUT_A_DRAMA), post("1", ABOUT_A_DRAMA)], source="mastodon")
    assert buzz(db) == {("crash-landing-on-you", "2026-11-20"): 1}


def test_an_artist_counts_as_well(pipeline: Pipeline, db: Database) -> None:
    pipeline.take_in([post("1", "에일리 콘서트 다녀왔어요")], source="mastodon")
    assert buzz(db) == {("ailee", "2026-11-20"): 1}


@pytest.mark.parametrize("text", [ABOUT_A_SONG, ABOUT_NONE, "what a signal", "V is a letter"])
def test_songs_everyday_talk_and_common_words_are_no_buzz(pipeline: Pipeline, db: Database, text: str) -> None:
    pipeline.take_in([post("1", text)], source="mastodon")
    assert buzz(db) == {}


def test_who_keeps_out_of_search_is_not_listened_to(pipeline: Pipeline, db: Database) -> None:
    pipeline.take_in([replace(post("1", ABOUT_A_DRAMA), searchable=False)], source="mastodon")
    assert buzz(db) == {}


def test_titles_that_we_do_not_know_are_counted_as_words(pipeline: Pipeline, db: Database) -> None:
    text = "[MV] Seo Dahye(서다혜) _ Paper Lantern Road (The Lighthouse Keeper OST Part.3)"
    pipeline.take_in([post(str(n), text) for n in range(3)], source="youtube_feed")
    (row,) = db.query("select run, day, posts from word_runs where run = 'paperlanternroad'")
    assert (row["day"], row["posts"]) == ("2026-11-20", 3)
    assert db.table("posts").count == 0
