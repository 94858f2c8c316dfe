"""Linker, tagger and language guess asked together about the same posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.language import guess
from models.linking.linker import Linker, Links
from models.post import Post
from models.tagging.tagger import Tagged, Tagger


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of one post: its songs, its tag, and its language (the source's word, else a guess)."""

    post: Post
    links: Links
    tagged: Tagged
    language: str | None


class Judge:
    """Says of cleaned posts which songs they mention and what their authors do with them."""

    def __init__(self, linker: Linker, tagger: Tagger) -> None:
        self._linker, self._tagger = linker, tagger

    @property
    def version(self) -> str:
        """Changes whenever the same post could be judged otherwise."""
        return f"{self._linker.version}/{self._tagger.version}"

    @property
    def tagger_version(self) -> str:
        """The version kept beside each tag."""
        return self._tagger.version

    def link(self, post: Post) -> Links:
        """The songs of one post."""
        return self._linker.link(post)

    def judge(self, posts: Sequence[Post], links: Sequence[Links] | None = None) -> list[Judgement]:
        """All that can be said of each post, in order; `links` where they are known already."""
        found = links if links is not None else [self._linker.link(post) for post in posts]
        tagged = self._tagger.tag_all([self._linker.mask(post) for post in posts])
        return [
            Judgement(post, link, tag, post.language or guess(text_of(post), post.hashtags))
            for post, link, tag in zip(posts, found, tagged, strict=True)
        ]


def text_of(post: Post) -> str:
    """Title and text in one string."""
    return "\n".join(part for part in (post.title, post.text) if part)
