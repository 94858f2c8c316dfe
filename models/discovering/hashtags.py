"""Titles in hashtags: the one right beside the hashtag of a drama, in a post about music of dramas."""

from __future__ import annotations

import re

from models.discovering.found import Found
from models.discovering.words import TWO_WORDS, bare, is_ost, may_be_title, words_of
from models.linking.lexicon import Kind, packaged
from models.linking.sightings import Document

_LATIN = re.compile(r"[a-z]{8,30}")
_HANGUL = re.compile(r"[가-힣]{4,12}")
_OF_POSTS = re.compile(
    r"ost|drama|edit|kpop|cover|challenge|actor|actress|couple|fanart"
    r"|오에스티|드라마|커버|챌린지|추천|배우|스타그램|팬"
)


def hashtag(page: Document) -> Found | None:
    """The one hashtag that may be a title."""
    if not any(is_ost(name) for _, name in page.of(Kind.WORD)):
        return None
    of_drama = {seen.tag for seen, name in page.of(Kind.DRAMA) if seen.tag >= 0 and not name.weak}
    named = {seen.tag for seen in page.sightings if seen.tag >= 0}
    for tag in sorted({near for of in of_drama for near in (of - 1, of + 1)} - named):
        if 0 <= tag < len(page.tags) and _is_title(page, *page.tags[tag]):
            return Found(*page.tags[tag])
    return None


def _is_title(page: Document, start: int, end: int) -> bool:
    text = bare(page.folded[start:end])
    if not (_LATIN.fullmatch(text) or _HANGUL.fullmatch(text)) or _OF_POSTS.search(text):
        return False
    common = text in words_of("noise") or text in words_of("alone") or text in packaged("common.toml")["platform_tags"]
    return not common and may_be_title(page, start, end, TWO_WORDS)
