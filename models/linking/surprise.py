"""How surprising a spelling is as an everyday phrase."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from models.linking.lexicon import is_common_word, packaged
from models.text import fold, squashed

LEAST_DISTINCTIVE = 3
"""Shorter Korean words are syllables of others."""

_WORD = re.compile(r"[^\W_]+")
_HANGUL = re.compile(r"[가-힣]")


@lru_cache(maxsize=4096)
def bits(spelling: str) -> float:
    """Bits of surprise: about seven for a common word or a syllable, 80 at most."""
    total = 0.0
    for word in _WORD.findall(fold(spelling)):
        if word.isascii():
            total += 5.5 if is_common_word(word) else min(16.0, 4.0 + 1.5 * len(word))
        else:
            total += 6.5 * len(word) if _HANGUL.search(word) else min(40.0, 8.0 * len(word))
    return min(total, 80.0)


@lru_cache(maxsize=4096)
def is_distinctive(words: str) -> bool:
    """Whether a Korean spelling is not made up of everyday words and their endings alone."""
    bare = squashed(words)
    if len(bare) < LEAST_DISTINCTIVE or not all(_HANGUL.match(sign) for sign in bare):
        return False
    return _everyday_korean().fullmatch(bare) is None


@cache
def _everyday_korean() -> re.Pattern[str]:
    words = sorted(map(squashed, packaged("common.toml")["korean_words"]), key=lambda word: (-len(word), word))
    endings = sorted(packaged("particles.toml")["particles"], key=lambda word: (-len(word), word))
    return re.compile(f"(?:(?:{'|'.join(words)})(?:{'|'.join(endings)})?)+")
