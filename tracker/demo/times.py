"""When invented people post: day and night of their language, weekends, and the shape of a wave."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from tracker.demo.acts import Wave
from tracker.demo.chance import Chance

_BY_HOUR = (45, 30, 20, 14, 10, 10, 16, 28, 38, 40, 42, 46, 55, 52, 48, 50, 55, 62, 72, 82, 92, 100, 96, 72)
"""How much is posted at each local hour, in hundredths of the busiest."""

_SATURDAY, _SUNDAY = 1.0, 0.95
_WORKDAY = 0.74

_OFFSETS: dict[str, tuple[float, ...]] = {
    "en": (-8, -6, -5, -5, 0, 1, 8, 10),
    "ko": (9,),
    "ja": (9,),
    "zh": (8,),
    "th": (7,),
    "vi": (7,),
    "id": (7, 7, 8),
    "tl": (8,),
    "es": (-6, -5, -5, -3, 1),
    "pt": (-3, -3, 0),
    "fr": (1, 1, -5),
    "ar": (3, 3, 2),
    "hi": (5.5,),
}
"""Where a language's writers live, in hours east of Greenwich."""


def awake(moment: datetime, offset: float) -> float:
    """How likely somebody at `offset` hours posts at `moment`, from 0 to 1, by hour and weekday."""
    local = moment + timedelta(hours=offset)
    position = local.hour + local.minute / 60
    before, after = _BY_HOUR[local.hour], _BY_HOUR[(local.hour + 1) % 24]
    level = before + (after - before) * (position - local.hour)
    weekday = {5: _SATURDAY, 6: _SUNDAY}.get(local.weekday(), _WORKDAY)
    return level / 100 * weekday


def steady_moment(start: datetime, end: datetime, language: str, name: str, chance: Chance) -> datetime:
    """A moment between `start` and `end` in the rhythm of `language`; some days of `name` are busier."""
    offset = chance.pick(_OFFSETS[language])
    seconds = (end - start).total_seconds()
    while True:
        moment = _second(start + timedelta(seconds=chance.fraction() * seconds))
        mood = min(Chance("day", name, moment.date()).factor(0.35), 2.0) / 2.0
        if chance.happens(awake(moment, offset) * mood):
            return moment


def wave_moment(wave: Wave, language: str, chance: Chance) -> datetime:
    """A moment in `wave`, by its shape and, as far as its people sleep, by the rhythm of `language`."""
    offset = chance.pick(_OFFSETS[language])
    while True:
        moment = _second(wave.start + timedelta(hours=_hours_into(wave.shape, chance)))
        if chance.happens(wave.sleepless + (1 - wave.sleepless) * awake(moment, offset)):
            return moment


def _hours_into(shape: tuple[tuple[float, float], ...], chance: Chance) -> float:
    pieces = list(pairwise(shape))
    areas = {number: (b[0] - a[0]) * (a[1] + b[1]) / 2 for number, (a, b) in enumerate(pieces)}
    (begin, low), (finish, high) = pieces[chance.weighted(areas)]
    while True:
        share = chance.fraction()
        if chance.fraction() * max(low, high) <= low + (high - low) * share:
            return begin + (finish - begin) * share


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
