"""A machine without the fast scanner links and tags the same, only slower."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models import scanning
from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.post import Post
from models.tagging import plain_words, words
from models.tagging.tagger import load_tagger

TEXTS = [
    "Chanyeol & Punch - Stay With Me (Goblin OST) | violin cover",
    "도깨비 찬열이랑 펀치 스테이 위드 미 다시 듣는데 눈물",
    "#fyp #goblinedit #kdramaedit she walked so we could run",
    "선업튀 소나기 챌린지 같이 해봤어요 #소나기챌린지",
    "first listen!! reacting to Sweet Night by V, Itaewon Class",
    "ฟังเพลงนี้แล้วร้องไห้ รีแอคชั่น ost goblin",
    "just lunch",
]


def posts() -> list[Post]:
    return [Post("tiktok", str(n), datetime(2026, 9, 1, tzinfo=UTC), text=text) for n, text in enumerate(TEXTS)]


def test_links_and_tags_are_the_same(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = [Linker(catalogue).examine(post) for post in posts()]
    fast_tags = load_tagger().tag_all([one.masked for one in fast])
    caches = (words.packaged, plain_words._scanner)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(scanning, "AhoCorasick", None)
    try:
        slow = [Linker(catalogue).examine(post) for post in posts()]
        slow_tags = load_tagger().tag_all([one.masked for one in slow])
    finally:
        for cache in caches:
            cache.cache_clear()
    assert isinstance(scanning.make_scanner(["a"]), scanning.DictScanner)
    assert [one.links for one in slow] == [one.links for one in fast]
    assert any(one.links.sure for one in fast)
    assert slow_tags == fast_tags
