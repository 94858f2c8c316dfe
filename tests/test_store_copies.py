"""Clusters of copies in the database: who shares one, whatever the order, and what is counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fakes import ABOUT_A_SONG, ABOUT_NONE, NOW, post
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from models.linking.linker import Link, Links
from models.post import Post, Reading
from models.tagging.tagger import Tagged
from tracker.judge import Judgement
from tracker.migrations import MIGRATIONS
from tracker.pipeline import Pipeline
from tracker.store import transaction
from tracker.store_copies import OUTSIDE, posts_of, save_copies, usual_languages
from tracker.store_posts import save_posts

SNOW = "i-will-go-to-you-like-the-first-snow"
LONGER = f"{ABOUT_A_SONG} 목이 다 쉬어서 후렴은 반키 내려서 했는데 들어주셔서 고마워요"


def clusters(db: Database) -> dict[str, str]:
    return dict(db.execute("select post, cluster from copies").fetchall())


def together(db: Database) -> set[frozenset[str]]:
    """Who shares a cluster, whatever it is called."""
    found: dict[str, set[str]] = {}
    for key, cluster in clusters(db).items():
        found.setdefault(cluster, set()).add(key)
    return {frozenset(keys) for keys in found.values()}


def test_copies_share_the_cluster_of_the_first_one_stored(pipeline: Pipeline, db: Database) -> None:
    texts = [
        LONGER,
        f"RT @fan: {LONGER} https://t.co/x",
        LONGER.replace("고마워요", "감사해요 🙏"),
        f"{ABOUT_A_SONG} 오늘 회식에서 부장님이 먼저 마이크를 잡으실 줄은 아무도 몰랐다",
        ABOUT_NONE,
    ]
    pipeline.take_in([post(str(number), text) for number, text in enumerate(texts)], source="mastodon")
    assert clusters(db) == {
        "mastodon:0": "mastodon:0",
        "mastodon:1": "mastodon:0",
        "mastodon:2": "mastodon:0",
        "mastodon:3": "mastodon:3",
    }


def test_what_came_in_before_is_left_as_it_is(pipeline: Pipeline, db: Database) -> None:
    first = post("1", LONGER)
    pipeline.take_in([first], source="mastodon")
    before = db.execute("select * from copies").fetchall()
    pipeline.take_in([first, replace(first, text=ABOUT_A_SONG, reading=Reading(NOW + timedelta(hours=3)))], source="x")
    assert db.execute("select * from copies").fetchall() == before
    pipeline.take_in([post("2", LONGER)], source="mastodon")
    assert clusters(db)["mastodon:2"] == "mastodon:1"


def test_the_name_of_a_cluster_outlives_its_first_post(pipeline: Pipeline, db: Database) -> None:
    pipeline.take_in([post("1", LONGER), post("2", LONGER)], source="mastodon")
    db.execute("delete from posts where key = 'mastodon:1'")
    pipeline.take_in([post("3", LONGER)], source="mastodon")
    assert clusters(db) == {"mastodon:2": "mastodon:1", "mastodon:3": "mastodon:1"}


def judged(key: str, text: str, at: datetime, songs: Sequence[str] = ("walk",)) -> Judgement:
    platform, _, identifier = key.partition(":")
    one = Post(platform=platform, id=identifier, published_at=at, text=text)
    links = Links(tuple(Link(song, 0.9, ()) for song in songs))
    return Judgement(one, links, Tagged("other", 1.0, (0, 0, 0, 0, 1)), "en")


def store(db: Database, *batch: Judgement) -> None:
    with transaction(db) as connection:
        save_posts(connection, batch, author_of=lambda _: None, source="file", version="0", now=NOW)
        save_copies(connection, batch)


def database() -> Database:
    """Songs 'walk' and 'rain' of a drama, in memory."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db.conn.isolation_level = None
    db["dramas"].insert({"id": "d", "title": "Lovely Walker", "aliases": "[]"})
    db["artists"].insert({"id": "a", "name": "Mina Seo", "hangul": "서미나", "aliases": '["Seomina"]'})
    for song in ("walk", "rain"):
        db["songs"].insert({"id": song, "title": f"The Long {song}", "drama": "d", "ambiguous": 0, "aliases": "[]"})
        db["song_artists"].insert({"song": song, "artist": "a", "position": 0})
    return db


TEXTS = (
    "my grandmother hums this while she peels oranges",
    "my grandmother hums this while she peels the oranges!!",
    "it rained all the way home and the bus was late again",
    "no",
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 400)), min_size=2, max_size=12).flatmap(
        lambda posts: st.tuples(st.just(posts), st.permutations(range(len(posts))), st.integers(1, 12))
    )
)
def test_the_order_of_arrival_does_not_part_exact_copies(
    drawn: tuple[list[tuple[str, int]], list[int], int],
) -> None:
    posts, order, size = drawn
    made = [judged(f"x:{n}", text, NOW + timedelta(hours=hour)) for n, (text, hour) in enumerate(posts)]
    db = database()
    for start in range(0, len(order), size):
        store(db, *(made[place] for place in order[start : start + size]))
    found = clusters(db)
    for text in TEXTS:
        assert len({found[f"x:{n}"] for n, (said, _) in enumerate(posts) if said == text}) <= 1
    db.conn.close()


def test_near_copies_need_a_song_in_common_and_72_hours() -> None:
    first, second = TEXTS[:2]
    db = database()
    store(db, judged("x:1", first, NOW))
    store(
        db,
        judged("x:near", second, NOW + timedelta(hours=72)),
        judged("x:before", second.replace("oranges", "apples and oranges"), NOW - timedelta(hours=72)),
        judged("x:far", second.replace("this", "that"), NOW + timedelta(hours=145)),
        judged("x:rain", second.replace("while", "whilst"), NOW, ["rain"]),
        judged("x:both", second.replace("grandmother", "grandma"), NOW, ["rain", "walk"]),
    )
    assert together(db) == {
        frozenset({"x:1", "x:near", "x:before", "x:both"}),  # of two clusters it is like, that stored first
        frozenset({"x:far"}),
        frozenset({"x:rain"}),
    }


def test_names_of_song_drama_and_singer_make_no_copy() -> None:
    db = database()
    named = "The Long Walk, Mina Seo 서미나, Lovely Walker OST:"
    store(db, judged("x:1", f"{named} hummed by grandmother", NOW), judged("x:2", f"{named} on a late bus home", NOW))
    assert len(set(clusters(db).values())) == 2


def test_old_posts_stored_late_do_not_hide_the_near_ones() -> None:
    db = database()
    store(db, judged("x:1", TEXTS[0], NOW))
    old = [judged(f"x:old{n}", f"{n} {TEXTS[2]}", NOW - timedelta(days=900)) for n in range(OUTSIDE - 1)]
    store(db, *old)
    store(db, judged("x:2", TEXTS[1], NOW))
    assert clusters(db)["x:2"] == "x:1"


def test_posts_are_read_as_floods_are_judged_by() -> None:
    db = database()
    store(
        db,
        judged("x:1", f"{TEXTS[0]} https://win.example/x #a #b", NOW),
        judged("x:2", TEXTS[1], NOW + timedelta(hours=1), ["rain", "walk"]),
        judged("x:3", TEXTS[2], NOW + timedelta(hours=2)),
        judged("x:rain", TEXTS[2], NOW, ["rain"]),
    )
    db.execute("delete from copies where post = 'x:3'")  # stored before clusters were kept
    db.execute("update posts set hashtags = '[\"a\", \"b\"]' where key = 'x:1'")
    found = posts_of(db, "walk", start=NOW, end=NOW + timedelta(hours=3), known=NOW + timedelta(hours=3))
    assert [one.cluster for one in found] == ["x:1", "x:1", "x:3"]
    assert [one.domain for one in found] == ["win.example", None, None]
    assert [one.hashtags for one in found] == [2, 0, 0]
    assert [one.songs for one in found] == [1, 1, 1]  # walk and rain are of one drama
    assert posts_of(db, "walk", start=NOW, end=NOW + timedelta(hours=3), known=NOW + timedelta(hours=1)) == found[:2]
    assert usual_languages(db, "walk", before=NOW + timedelta(days=1), known=NOW + timedelta(days=1)) == {"en": 3}
    assert usual_languages(db, "walk", before=NOW, known=NOW + timedelta(days=1)) == {}
