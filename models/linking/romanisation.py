"""Korean in Latin letters, well enough to tell whether a spelling is a romanised title or an English one."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

_INITIALS = tuple(re.split(" ", "g kk n d tt r m b pp s ss  j jj ch k t p h"))
_VOWELS = tuple(re.split(" ", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"))
_FINALS = tuple(re.split(" ", " k k k n n n t l k m l l l p l m p p t t ng t t k t p t"))
_FIRST = 0xAC00

ALIKE = 0.72
"""Systems of romanisation and hearing differ ("Bogoshipda", "bogo sipda"); English words come out far below this."""


def romanise(hangul: str) -> str:
    """Revised Romanisation syllable by syllable, without sound changes; other characters are left out."""
    found = []
    for syllable in hangul:
        code = ord(syllable) - _FIRST
        if 0 <= code < 11_172:
            found.append(_INITIALS[code // 588] + _VOWELS[code % 588 // 28] + _FINALS[code % 28])
    return "".join(found)


@lru_cache(maxsize=4096)
def sounds_like(latin: str, hangul: str) -> bool:
    """Whether a squashed Latin spelling renders the sound of `hangul` or of its beginning."""
    sound = romanise(hangul)
    if len(latin) * 2 < len(sound):
        sound = sound[: len(latin) + 4]
    return SequenceMatcher(None, latin, sound, autojunk=False).ratio() >= ALIKE
