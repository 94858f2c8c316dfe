"""What the tagger sees of a post: its title, its text, the hashtags its author wrote and those only the site knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.post import Post
from models.tagging.ngrams import Shape, Texts, buckets, lay_out
from models.tagging.words import Senses

PLACES = ("title", "text", "hashtags", "uploader tags")
"""Where a word can stand. Uploader tags (YouTube) do not stand in the post; they are often a list of everything."""

LONGEST = 600
"""Characters read of a title, a text or all hashtags: what a post is stands at its beginning, credits at its end."""

SUBJECT = "subject"
"""The sense of songs, shows and those who make them; that nothing of the kind is named is a rule of its own."""

FEWEST_LETTERS = 4
"""A post with fewer characters outside its hashtags has nothing but hashtags, and those decide (codebook)."""

_DERIVED = ("no subject", "hardly a word")
_SPACE_OF_PLACE = np.array([0, 0, 1, 1], np.uint32)
_IS_TAGS = np.array([False, False, True, True])
_HASHTAG = re.compile(r"[#＃]([^\s#＃.,!?…()\[\]{}\"'<>|/:;]+)")

_SPAM = re.compile(
    r"f+y+p*(page|シ|シ゚viral|ツ)?|foryou(r|page|rpage|pageシ)?|xyz(bca|cba)?|abcxyz|(makeit)?viral(video|tiktok|ed|シ)?"
    r"|tiktok(viral|trending|vietnam|indonesia|korea|india|philippines)?|trending(now|tiktok|video)?|blowthisup"
    r"|xuhuong(tiktok)?|xh(tiktok)?|parati|explore(page)?|shorts?|reels?|pourtoi|capcut|keşfet(teyiz|beniöneçıkar)?"
    r"|öneçıkar|beranda|lewatberanda|おすすめ(のりたい)?|추천|쇼츠|рек|рекомендации|ฟีด|ฟีดดดシ|اكسبلور"
)
"""Hashtags that only ask to be shown; they decide nothing (codebook)."""


def places_of(post: Post) -> tuple[str, str, str, str]:
    """The four texts of `post`, in the order of PLACES; hashtags are taken out of title and text."""
    title, in_title = _without_hashtags(post.title)
    text, in_text = _without_hashtags(post.text)
    written = in_title + in_text
    known = {tag.casefold() for tag in written}
    others = [tag for tag in post.hashtags if tag.casefold() not in known]
    if post.platform != "youtube":
        written, others = written + others, []
    return title, text, _telling(written), _telling(others)


def _telling(tags: Sequence[str]) -> str:
    return " ".join(tag for tag in tags if not _SPAM.fullmatch(tag.casefold()))[:LONGEST]


def _without_hashtags(text: str | None) -> tuple[str, list[str]]:
    short = (text or "")[:LONGEST]
    if "#" not in short and "＃" not in short:
        return short, []
    return _HASHTAG.sub(" ", short), _HASHTAG.findall(short)


@dataclass(frozen=True)
class Seen:
    """Some posts as the tagger sees them; text 4 * i + j is place j of post i."""

    texts: Texts
    posts: int

    def grams(self, shape: Shape) -> list[NDArray[np.uint32]]:
        """For each kind of n-gram, the bucket of the one that starts at each character."""
        return list(buckets(self.texts, np.tile(_SPACE_OF_PLACE, self.posts), shape))

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """The text of each character; the final boundary belongs to the last."""
        owner = self.texts.owner
        return np.append(owner, owner[-1:])

    def rules(self, senses: Senses) -> NDArray[np.bool_]:
        """(posts, rules): whether each rule of `rule_names` holds."""
        held = senses.found(self.texts, np.tile(_IS_TAGS, self.posts))
        found: NDArray[np.bool_] = held.reshape(self.posts, len(PLACES), -1)
        anywhere = found[:, :3].any(axis=1)
        places = (found[:, place] for place in range(len(PLACES)))
        subject = np.atleast_2d(found[:, :, [senses.names.index(SUBJECT)]].any(axis=1))
        about = np.hstack([anywhere, ~subject, self._hardly_a_word[:, None]])
        one, other = np.triu_indices(about.shape[1], 1)
        return np.hstack([*places, about, about[:, one] & about[:, other]])

    @property
    def _hardly_a_word(self) -> NDArray[np.bool_]:
        lengths = np.diff(self.texts.starts).reshape(self.posts, len(PLACES))
        result: NDArray[np.bool_] = lengths[:, :2].sum(axis=1) < 2 + FEWEST_LETTERS
        return result


def see(posts: Sequence[Post]) -> Seen:
    """Lay out the four places of each of `posts`."""
    return Seen(lay_out([text for post in posts for text in places_of(post)]), len(posts))


def rule_names(senses: Senses) -> list[str]:
    """What each column of `Seen.rules` says, such as 'challenge in the hashtags' or 'cover and reaction'.

    Singles come first, then pairs of senses anywhere but in uploader tags: which of two wins is in the codebook.
    """
    about = [*senses.names, *_DERIVED]
    singles = [f"{name} in the {place}" for place in PLACES for name in senses.names]
    return [*singles, *about, *(f"{one} and {other}" for one, other in combinations(about, 2))]


def count_of_singles(senses: Senses) -> int:
    """How many of the rules ask for one sense only."""
    return (1 + len(PLACES)) * len(senses.names) + len(_DERIVED)
