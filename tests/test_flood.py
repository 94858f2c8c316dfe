"""Signs of a flood: seen where few hands, one text, a clock or a robot are at work, and not among ordinary people."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from fakes import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import FEWEST, Seen, Sign, crowd, linked_domain, signs
from models.korean_time import moment


def people(count: int, *, seed: int = 1, **fields: object) -> list[Seen]:
    """Posts by as many people in a week, each with words of their own; `fields` are the same for all."""
    chance = random.Random(seed)
    return [
        Seen(
            **{
                "author": f"author-{number}",
                "cluster": f"x:{number}",
                "published_at": NOW + timedelta(seconds=chance.randrange(7 * 86_400)),
                "language": "ko",
                **fields,
            }  # type: ignore[arg-type]
        )
        for number in range(count)
    ]


def named(found: tuple[Sign, ...]) -> dict[str, Sign]:
    return {sign.name: sign for sign in found}


def only(found: tuple[Sign, ...]) -> Sign:
    (sign,) = found
    return sign


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(FEWEST, 400))
def test_ordinary_people_give_no_sign(seed: int, count: int) -> None:
    assert signs(people(count, seed=seed), {"ko": 500}) == ()


def test_a_few_posts_are_no_flood_whatever_they_are() -> None:
    few = people(FEWEST - 1, author="one", cluster="x:1", published_at=NOW, hashtags=30, domain="spam.example")
    assert signs(few) == ()
    assert len(signs([*few, few[0]])) > 3


def test_few_accounts_are_named_with_their_number() -> None:
    posts = [post for number in range(3) for post in people(90, seed=number, author=f"flood{number}")]
    sign = only(signs(posts))
    assert sign.name == "few accounts"
    assert sign.figures == {"posts": 270, "accounts": 3, "share": 0.0111}
    assert sign.sentence == "270 posts come from 3 accounts."


def test_posts_without_an_author_are_a_person_each_and_copies_of_one_text_one() -> None:
    assert signs(people(100, author=None)) == ()
    copied = named(signs(people(100, author=None, cluster="x:1")))
    assert copied["few accounts"].figures["accounts"] == 1
    assert copied["one text"].figures == {"copies": 100, "share": 1.0}


def test_posts_distinct_posts_and_people_are_counted_apart() -> None:
    posts = [*people(5), *people(10, author="a", cluster="x:1"), *people(3, author=None, cluster="x:2")]
    assert crowd(posts) == crowd(posts[::-1])
    assert (crowd(posts).posts, crowd(posts).distinct_posts, crowd(posts).authors) == (18, 5, 7)
    assert crowd([]).posts == 0


def test_one_text_passed_on_by_many_people_is_said_so() -> None:
    posts = [*people(60), *people(40, cluster="x:1", seed=2)]
    sign = named(signs(posts))["one text"]
    assert sign.sentence == "41 of 100 posts (41%) are copies of one text."


def test_a_few_loud_accounts_among_many_are_unequal() -> None:
    posts = [*people(50), *(post for n in range(4) for post in people(60, seed=n, author=f"loud{n}"))]
    sign = named(signs(posts))["unequal accounts"]
    assert sign.figures["gini"] > 0.6
    assert "The 5 busiest of 54 accounts wrote 83% of the posts" in sign.sentence


def test_regular_gaps_are_seen_over_all_and_in_one_account_among_others() -> None:
    timer = [Seen("bot", f"x:b{n}", NOW + timedelta(seconds=607 * n)) for n in range(30)]
    alone = named(signs([Seen(f"author-{n}", f"x:{n}", post.published_at) for n, post in enumerate(timer)]))
    assert alone["regular gaps"].sentence == (
        "The posts follow each other every 10.1 minutes, give or take 0% (30 posts)."
    )
    hidden = named(signs([*people(200), *timer]))
    assert hidden["regular gaps"].sentence.startswith("One account's posts follow each other every 10.1 minutes")


def test_posts_of_one_moment_have_no_gaps_to_judge() -> None:
    assert "regular gaps" not in named(signs(people(40, published_at=NOW)))


def test_hashtags_and_songs_are_counted_by_post() -> None:
    assert only(signs([*people(80, hashtags=8), *people(20, seed=2)][:100])).name == "many hashtags"
    assert signs([*people(50, hashtags=8), *people(50, seed=2)]) == ()
    sign = only(signs([*people(30, songs=4), *people(70, seed=2)]))
    assert sign.sentence == "30 of 100 posts (30%) name songs of 4 dramas or more."


def test_one_site_that_half_of_the_posts_link_to() -> None:
    posts = [*people(50, domain="win-a-phone.example"), *people(50, seed=2)]
    assert only(signs(posts)).sentence == "50 of 100 posts (50%) link to win-a-phone.example."


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("see https://www.Spam.example/x?a=b and more", "spam.example"),
        ("https://youtu.be/x then http://m.other.example./", "other.example"),
        ("https://name:word@host.example:8080/", "host.example"),
        ("https://t.co/abc https://www.youtube.com/watch?v=1", None),
        ("no link, spam.example, https://", None),
        ("https://" + "a@" * 5000, "a"),
    ],
)
def test_the_site_a_text_links_to(text: str, domain: str | None) -> None:
    assert linked_domain(text) == domain


def test_a_second_that_a_third_of_the_posts_share() -> None:
    same = [Seen(f"author-s{n}", f"x:s{n}", NOW + timedelta(minutes=7 * n * n, seconds=17)) for n in range(40)]
    sign = only(signs([*people(60), *same]))
    assert sign.name == "same second"
    assert "second 17 of a minute" in sign.sentence


@pytest.mark.parametrize("midnight", ["2026-11-20T00:00:00Z", "2026-11-19T15:00:00Z"])
def test_days_without_a_time_share_no_second(midnight: str) -> None:
    posts = [Seen(f"author-{n}", f"x:{n}", moment(midnight) + timedelta(days=n % 6)) for n in range(60)]
    assert signs(posts) == ()


def test_languages_are_unusual_only_where_the_usual_is_known() -> None:
    posts = people(60, language="pt")
    assert signs(posts, {"ko": 20}) == ()
    assert signs(posts, {"ko": 40, "pt": 60}) == ()
    sign = only(signs(posts, {"ko": 90, "pt": 10}))
    assert sign.sentence == "100% of the posts are in 'pt', usually 10%."
    assert signs(people(60, language=None), {"ko": 90}) == ()


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_posts_changes_nothing(chance: random.Random) -> None:
    posts = [*people(30, author="a", domain="spam.example"), *people(20, cluster="x:1", hashtags=9, language="th")]
    shuffled = [*posts]
    chance.shuffle(shuffled)
    assert signs(shuffled, {"ko": 100}) == signs(posts, {"ko": 100})
