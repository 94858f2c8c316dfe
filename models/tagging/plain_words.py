"""The plain word for each tag: what anybody would look for first, and what most authors write.

The corpus that the model is fitted on is rich in traps and in posts without the plain word, so that these are learnt;
in the stream the plain word is right four times in five. The tagger leans on it a little (`Settings.plain_word`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from models.post import TAGS, Post
from models.scanning import Scanner, make_scanner

PLAIN_WORDS = {
    "reaction": (
        "reaction", "reacts to", "first listen", "first watch", "vocal coach",
        "리액션", "해외반응", "リアクション", "reacción", "reação", "phản ứng", "รีแอคชั่น",
    ),
    "challenge": ("challenge", "챌린지", "チャレンジ", "desafio", "#reto", "tantangan", "thử thách"),
    "cover": ("cover", "커버", "불러보았", "歌ってみた", "versão", "versi ", "كوفر", "कवर"),
    "edit": (
        "edit", "fmv", "amv", "capcut template", "montage", "mashup", "slowed", "reverb", "sped up", "nightcore", "8d",
        "remix", "stage mix", "funny moments", "편집",
    ),
}  # fmt: skip
"""The words of the codebook's own table, the tag that wins over the others first."""


_TAG_OF = {word: TAGS.index(tag) for tag, words in PLAIN_WORDS.items() for word in words}
_RANK = {TAGS.index(tag): rank for rank, tag in enumerate(PLAIN_WORDS)}


@cache
def _scanner() -> Scanner:
    return make_scanner(list(_TAG_OF))


def plain_tags(posts: Sequence[Post]) -> list[int]:
    """For each post the number (in TAGS) of the first tag of which a word stands in it, else that of 'other'."""
    texts = [all_words(post) for post in posts]
    ends = list(accumulate(len(words) + 1 for words in texts))
    found = [TAGS.index("other")] * len(posts)
    tags = list(_TAG_OF.values())
    for number, start, _ in _scanner().find("\n".join(texts)):
        post, tag = bisect_right(ends, start), tags[number]
        if _RANK[tag] < _RANK.get(found[post], len(_RANK)):
            found[post] = tag
    return found


def plain_tag(post: Post) -> str:
    """The first tag of which a word stands in the post, else 'other'."""
    return TAGS[plain_tags([post])[0]]


def all_words(post: Post) -> str:
    """Title, text and hashtags in one line, case folded."""
    words = " ".join((post.title or "", post.text or "", *(f"#{tag}" for tag in post.hashtags)))
    return words.replace("\n", " ").casefold().encode("utf-8", "replace").decode()
