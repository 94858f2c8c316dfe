"""Copies are known again however they are dressed up; different posts about one song are not taken for copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duplicates import LEAST_CHARS, WINDOW_SECONDS, Known, Neighbours, bare, fingerprint, plain_names
from models.post import Post

SAID = """
tonight crying again rooftop scene violin kitchen singing neighbour piano lesson finally learned chorus train ride
오늘 밤새 울었다 기타로 연주 옥상 장면 생각나 퇴근길 지하철 불러봤어요 화음 넣어서
夜中 一人で 聴いて 泣いた 駅前 合唱 しました 我在 地铁 里面 哭了 循环 播放
ร้องไห้ ทั้งคืน เปียโน ตอนจบ cantando sozinha cozinha chuva lloré escena final guitarra bản đêm qua
"""
WORDS = SAID.split()
NAMES = plain_names(
    ["첫눈처럼 너에게 가겠다", "I Will Go To You Like The First Snow", "Ailee", "에일리", "Goblin", "도깨비"]
)
POSTS = (
    "첫눈처럼 너에게 가겠다 에일리 도깨비 OST 퇴근길에 들으니까 갑자기 눈물이 나네",
    "에일리 도깨비 OST 첫눈처럼 너에게 가겠다 오늘 결혼식 축가로 불렀는데 음이탈 났어요",
    "Ailee - I Will Go To You Like The First Snow (Goblin OST) my grandmother hums this while cooking",
    "I Will Go To You Like The First Snow, Ailee, Goblin OST: which key do you all sing this in?",
    "first snow this morning so obviously Ailee's I Will Go To You Like The First Snow, Goblin forever",
    "Goblin OST ranking thread, I Will Go To You Like The First Snow by Ailee is not even my top three",
    "トッケビのOST 첫눈처럼 너에게 가겠다、エイリーの声がずっと頭に残っている帰り道",
    "cover de I Will Go To You Like The First Snow de Ailee con mi hermano en la guitarra, Goblin",
)


def post(text: str | None, *, identifier: str = "1", **fields: object) -> Post:
    return replace(Post(platform="x", id=identifier, published_at=NOW, text=text), **fields)  # type: ignore[arg-type]


def alike(one: str, other: str) -> bool:
    """Whether `other` would join the cluster of `one`, both about the same song."""
    first, second = (fingerprint(post(text), NAMES) for text in (one, other))
    if first.exact == second.exact:
        return True
    if first.signature is None or second.signature is None:
        return False
    return Neighbours([Known(1, 0, "first", first.signature)]).like(second.signature, 0) is not None


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=20).map(" ".join)
unlike_words = st.lists(st.sampled_from(WORDS), min_size=8, max_size=20, unique=True)
longer_words = st.lists(st.sampled_from([word for word in WORDS if 4 <= len(word) <= 8]), min_size=14, unique=True)


@settings(deadline=None)
@given(texts, st.integers(0, 99))
def test_capitals_addresses_names_reposts_and_emoji_change_no_exact_key(text: str, number: int) -> None:
    dressed = (
        text.upper(),
        f"RT @fan_{number}: {text}",
        f"Reposted from @a.b: {text}",
        f"{text} https://t.co/Ab{number}",
        f"{text} youtu.be/x{number}",
        f"@one {text} @two@server.social",
        text.replace(" ", "  😭🔥 "),
        "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    )
    keys = {fingerprint(post(each)).exact for each in (text, *dressed)}
    assert len(keys) == 1


@settings(deadline=None)
@given(longer_words, st.integers(0, 13))
def test_a_word_swapped_and_an_end_cut_off_are_near_copies(words: list[str], place: int) -> None:
    text = " ".join(words)
    assert alike(text, " ".join([*words[:place], "maybe", *words[place + 1 :]]))
    assert alike(text, text[: len(text) * 4 // 5] + "…")


@settings(deadline=None)
@given(unlike_words)
def test_unrelated_texts_are_no_copies(words: list[str]) -> None:
    half = len(words) // 2
    assert not alike(" ".join(words[:half] * 2), " ".join(words[half:] * 2))


@pytest.mark.parametrize("one", POSTS)
@pytest.mark.parametrize("other", POSTS)
def test_different_posts_about_one_song_stay_apart(one: str, other: str) -> None:
    assert alike(one, other) == (one == other)


def test_names_alone_make_no_near_copy() -> None:
    """With the names in, two short posts would share most of their runs."""
    one, other = (f"Ailee I Will Go To You Like The First Snow Goblin {word}" for word in ("karaoke", "harmonica"))
    first, second = (fingerprint(post(text)).signature for text in (one, other))
    assert first
    assert second
    assert Neighbours([Known(1, 0, "first", first)]).like(second, 0)
    assert not alike(one, other)


def test_a_short_text_is_a_copy_word_for_word_only() -> None:
    assert fingerprint(post("a" * (LEAST_CHARS - 1))).signature is None
    assert fingerprint(post("ab" * LEAST_CHARS)).signature is not None
    assert alike("노래 좋다", "노래   좋다!!")
    assert not alike("노래 좋다", "노래 좋네")


def test_a_post_without_words_is_known_by_its_hashtags_or_is_like_no_other() -> None:
    tagged = [post("😭😭", hashtags=("goblin", "ost"), identifier=each) for each in "ab"]
    silent = [post("🔥 https://t.co/x", identifier=each) for each in "ab"]
    assert len({fingerprint(one).exact for one in tagged}) == 1
    assert len({fingerprint(one).exact for one in silent}) == 2


def test_hashtags_in_the_text_and_the_title_count() -> None:
    assert fingerprint(post("so good #goblin")).exact != fingerprint(post("so good #ost")).exact
    assert fingerprint(post("one", title="two")).exact != fingerprint(post("one", title="three")).exact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("RT @someone: RT @other: hello world", "helloworld"),
        ("rt: hello", "hello"),
        ("Repost @a_b hello", "hello"),
        ("#repost @a hello", "hello"),
        ("art: hello", "arthello"),
        ("RT this if you love it", "rtthisifyouloveit"),
        ("www.example.org/x?y=1 hello", "hello"),
        ("hello 노래https://e.org/a노래", "hello노래노래"),
        ("no. 1/2 of the songs", "no12ofthesongs"),
    ],
)
def test_what_is_left_of_a_text(text: str, left: str) -> None:
    assert bare(text) == left


def test_the_same_bytes_on_every_machine() -> None:
    """Stored signatures are compared with ones made years later on other machines."""
    found = fingerprint(post("오늘 밤새 울었다 기타로 연주, crying on the rooftop again"))
    assert found.exact.hex() == "ab1e416ee8414847"
    assert found.signature
    assert found.signature[:16].hex() == "6b3df20993a55aae8bb47e3bb4aba90c"


@pytest.mark.parametrize("text", ["", "\0", "@" * 9000, "rt@" * 3000, "a.b" * 3000, "a-" * 5000, "\U0010ffff" * 500])
def test_any_text_is_survived(text: str) -> None:
    found = fingerprint(post(text), NAMES)
    assert len(found.exact) == 8
    assert found.signature is None or len(found.signature) == 64


def test_names_that_are_parts_of_words_are_not_left_out() -> None:
    assert plain_names(["IU", "V", "도깨비", "나", "Goblin", "goblin!"]) == ("goblin", "도깨비")


def signature(*changed: int) -> bytes:
    """64 bytes of which those in `changed` differ from all others."""
    return np.array([7 if place in changed else 0 for place in range(64)], np.uint8).tobytes()


def test_neighbours_are_those_within_72_hours_either_way() -> None:
    shelf = Neighbours([Known(1, 1_000_000, "old", signature())])
    for at in (1_000_000 - WINDOW_SECONDS, 1_000_000 + WINDOW_SECONDS):
        assert shelf.like(signature(), at)
        assert shelf.like(signature(), at + (1 if at > 1_000_000 else -1)) is None


def test_the_cluster_stored_first_wins_where_two_are_alike() -> None:
    shelf = Neighbours([Known(4, 0, "first", signature(*range(20)))])
    shelf.add(Known(9, 0, "second", signature(*range(40, 60))))
    found = shelf.like(signature(), 0)
    assert found
    assert (found.cluster, found.order) == ("first", 4)


def test_a_chain_of_likenesses_does_not_grow_without_end() -> None:
    """A cluster stands for itself by its first post, so what is like its last only stays outside."""
    shelf = Neighbours([Known(1, 0, "a", signature()), Known(2, 0, "a", signature(*range(30)))])
    assert shelf.like(signature(*range(20)), 0)
    assert shelf.like(signature(*range(50)), 0) is None
    later = WINDOW_SECONDS + 10
    shelf.add(Known(3, later, "a", signature(*range(30))))
    assert shelf.like(signature(*range(50)), later)  # the first one is out of sight by then


def test_an_empty_shelf_knows_nothing() -> None:
    assert Neighbours([]).like(signature(), 0) is None
