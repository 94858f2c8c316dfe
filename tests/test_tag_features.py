"""What the tagger sees of a post: where each word stands, and which hashtags count for nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.post import Post
from models.tagging.features import LONGEST, places_of, rule_names, see
from models.tagging.words import packaged


def post(platform: str, *, title: str | None = None, text: str | None = None, tags: tuple[str, ...] = ()) -> Post:
    """A post of no particular time."""
    return Post(platform, "1", datetime(2026, 11, 1, tzinfo=UTC), title=title, text=text, hashtags=tags)


def rules(one: Post) -> set[str]:
    """The names of the rules that hold."""
    held = see([one]).rules(packaged())[0]
    return {name for name, holds in zip(rule_names(packaged()), held, strict=True) if holds}


def test_hashtags_leave_the_text_and_stand_once() -> None:
    one = post("tiktok", text="look #GoblinEdit now#kdrama", tags=("goblinedit", "kdrama", "other"))
    title, text, written, known_to_the_site = places_of(one)
    assert (title, text.split(), written, known_to_the_site) == ("", ["look", "now"], "GoblinEdit kdrama other", "")


def test_uploader_tags_of_a_video_stand_apart() -> None:
    one = post("youtube", title="Live #stage", tags=("stage", "cover"))
    assert places_of(one)[2:] == ("stage", "cover")


@pytest.mark.parametrize("tag", ["fyp", "FYPシ", "viral", "xuhuong", "capcut", "shorts", "추천"])
def test_hashtags_that_only_ask_to_be_shown_count_for_nothing(tag: str) -> None:
    assert places_of(post("tiktok", text=f"#{tag}", tags=(tag,)))[2] == ""


@pytest.mark.parametrize("tag", ["fypchallenge", "viraldance", "tiktokcover", "capcutedit"])
def test_hashtags_that_say_more_are_kept(tag: str) -> None:
    assert places_of(post("tiktok", tags=(tag,)))[2] == tag


def test_only_the_beginning_is_read() -> None:
    long = post("youtube", title="a" * 5000, text="b" * 5000, tags=tuple(f"tag{number}" for number in range(5000)))
    assert [len(place) <= LONGEST for place in places_of(long)] == [True] * 4


def test_rules_tell_place_pair_and_absence() -> None:
    held = rules(post("youtube", title="Drummer reacts to my cover of ♪", tags=("challenge",)))
    assert {"reaction", "reaction in the title", "cover and reaction", "challenge in the uploader tags"} <= held
    assert not {"challenge", "no subject", "reaction in the text"} & held
    assert "no subject" in rules(post("reddit", title="my lunch today"))


def test_nothing_but_hashtags() -> None:
    assert "hardly a word" in rules(post("tiktok", text="#goblinedit #kdrama"))
    assert "hardly a word" not in rules(post("tiktok", text="made this last night #goblinedit"))
