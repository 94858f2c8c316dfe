"""Linker, tagger and language guess asked together about the same posts."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from models.language import guess
from models.linking.linker import Examined, Linker, Links
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

    @property
    def known(self) -> Container[str]:
        """Every spelling of the catalogue and the word lists, squashed."""
        return self._linker.known

    def examine(self, post: Post) -> Examined:
        """The songs of one post, and where it names what."""
        return self._linker.examine(post)

    def judge(self, posts: Sequence[Post]) -> list[Judgement]:
        """All that can be said of each post, in order."""
        return self.judge_examined([self._linker.examine(post) for post in posts])

    def judge_examined(self, examined: Sequence[Examined]) -> list[Judgement]:
        """All that can be said of posts whose links are known already, in order."""
        everything_masked = [one.masked for one in examined]
        tagged = self._tagger.tag_all(everything_masked)
        return [
            Judgement(one.post, one.links, tag, one.post.language or guess(text_of(masked), masked.hashtags))
            for one, masked, tag in zip(examined, everything_masked, tagged, strict=True)
        ]


def text_of(post: Post) -> str:
    """Title and text in one string."""
    return "\n".join(part for part in (post.title, post.text) if part)
