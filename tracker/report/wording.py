"""The fixed table of words: names of movements, how sure a sentence may sound, how a number is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.korean_time import KST, moment
from tracker.report.facts import Example, Near, SongWeek
from tracker.report.plain_text import plain
from tracker.report.week import short_date

SURGE_PLACES = 20

VERBS = {
    "gap": "is at no. {rank}, movement n/a (source gap)",
    "debut": "debuts at no. {rank}",
    "re-entry": "re-enters at no. {rank}",
    "surge": "surges {places} to no. {rank}",
    "climb": "climbs {places} to no. {rank}",
    "hold": "holds at no. {rank}",
    "slip": "slips {places} to no. {rank}",
    "leave": "leaves the list (no. {last} last week)",
}
"""Verbs by size of movement. There is no verb for a cause."""

SIGNS = {"gap": "n/a", "debut": "NEW", "re-entry": "RE", "hold": "=", "leave": "out"}

TAG_NAMES = {
    "cover": "covers",
    "edit": "edits",
    "challenge": "challenges",
    "reaction": "reactions",
    "other": "other",
    "untagged": "untagged",
}

PLATFORMS = {
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "instagram": "Instagram",
    "reddit": "Reddit",
    "x": "X",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "lemmy": "Lemmy",
    "tumblr": "Tumblr",
    "naver": "Naver",
}

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "ms": "Malay", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """How a song moved: a key of VERBS, the places (0 where none are claimed), a sign and a phrase."""

    kind: str
    places: int
    sign: str
    phrase: str


def movement(one: SongWeek) -> Movement:
    """What may be said of a song's place; nothing but its place where a source gap lies in between."""
    kind, places = _kind(one)
    sign = SIGNS.get(kind) or f"{'▲' if kind in ('climb', 'surge') else '▼'}{places}"
    return Movement(
        kind, places, sign, VERBS[kind].format(rank=one.rank, places=count(places, "place"), last=one.last_rank)
    )


def _kind(one: SongWeek) -> tuple[str, int]:
    if one.has_gap:
        return "gap", 0
    if one.rank is None:
        return "leave", 0
    if one.last_rank is None:
        return ("re-entry" if one.weeks > 1 else "debut"), 0
    places = one.last_rank - one.rank
    if places == 0:
        return "hold", 0
    if places < 0:
        return "slip", -places
    return ("surge" if places >= SURGE_PLACES else "climb"), places


def times_usual(one: SongWeek) -> str:
    """'5.2×' its usual week; whole numbers from 10 on."""
    times = one.times_usual
    return f"{times:.0f}×" if times >= 9.95 else f"{times:.1f}×"


def confidence_word(one: SongWeek) -> str:
    """high / medium / low: the score's own confidence (authors counted), lowered where coverage was thin."""
    if one.confidence >= 0.8 and one.coverage >= 0.9:
        return "high"
    return "medium" if one.confidence >= 0.5 and one.coverage >= 0.75 else "low"


def percent(share: float) -> str:
    """'61%'."""
    return f"{share * 100:.0f}%"


def count(number: int, noun: str) -> str:
    """'1 post', '1,204 posts'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def posts_of(one: SongWeek) -> str:
    """'271 posts (64 distinct)'; the second figure only where it is another."""
    if one.distinct_posts is None or one.distinct_posts == one.posts:
        return count(one.posts, "post")
    return f"{count(one.posts, 'post')} ({one.distinct_posts:,} distinct)"


def flood_words(one: SongWeek) -> str:
    """'signs of a flood: 271 posts come from 4 accounts', or '' where there are none."""
    told = (sign.sentence.rstrip(".") for sign in one.flood)
    return "signs of a flood: " + "; ".join(words[:1].lower() + words[1:] for words in told) if one.flood else ""


def copies_words(one: Example) -> str:
    """'and 3 copies', or ''."""
    return f"and {one.copies:,} cop{'y' if one.copies == 1 else 'ies'}" if one.copies else ""


def beside(event: Near) -> str:
    """'coincides with a finale (14 Nov: last episode)' or 'follows an award by 3 days (...)'."""
    kind = event.kind.replace("_", " ")
    kind = "an event" if kind == "other" else f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"
    note = f"({short_date(event.date)}: {plain(event.note, 90)})"
    if abs(event.days) <= 1:
        return f"coincides with {kind} {note}"
    return f"follows {kind} by {event.days} days {note}"


def why(one: SongWeek, most: int = 4) -> str:
    """What stands out in the song's rows, most telling first; 'unclear' where nothing does."""
    found = ["too new to compare (tracked for less than 21 days)"] if one.too_new else []
    found += [beside(one.near[0])] if one.near else []
    held = sum(one.tags.values())
    if held >= 20 and one.of_five is not None and one.of_five >= 0.5:
        found.append(f"concentrated: {percent(one.of_five)} of posts from 5 accounts")
    tag = next((name for name in one.tags if name not in ("other", "untagged")), None)
    if tag and held >= 5 and one.tags[tag] * 2 >= held:
        found.append(f"{percent(one.tags[tag] / held)} {TAG_NAMES[tag]}")
    parts = {"surge": one.surge, "growth": one.growth, "breadth": one.breadth, "engagement": one.engagement}
    largest = max(parts, key=lambda name: parts[name])
    if parts[largest] >= 5:
        found.append(f"{largest} brings {parts[largest]:.0f} of {one.score:.0f} points")
    return "; ".join(found[:most]) or "unclear"


def language_name(code: str | None) -> str:
    """'Korean' for 'ko'; the code itself where we have no name for it."""
    return "not recognised" if code is None else LANGUAGES.get(code, plain(code, 12))


def platform_name(name: str) -> str:
    """'YouTube' for 'youtube'; the name itself where we have no other."""
    return PLATFORMS.get(name, plain(name, 20))


def hour_of_korea(at: str) -> str:
    """'Sat 14 Nov 21:00' for a stored time."""
    local = moment(at).astimezone(KST)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def dated_hour(at: str) -> str:
    """'2026-11-24 09:00 KST' for a stored time."""
    return f"{moment(at).astimezone(KST):%Y-%m-%d %H:%M} KST"


def origin_words(text: str) -> str:
    """What an alert's stored origin means, without a word for a cause."""
    if text.startswith("event: "):
        event = text.removeprefix("event: ")
        return "rose in a jump; no event near it is known" if event == "none known" else f"rose in a jump near {event}"
    return {"word of mouth": "rose by word of mouth", "unclear": "origin unclear"}.get(text, text)


def years_since(released: str | None, until: date) -> int | None:
    """Full years since a release; of a year or a month the last day counts. None where unknown."""
    if not released:
        return None
    year, month, day = (int(part) for part in (released + "-12-31"[len(released) - 4 :]).split("-"))
    return until.year - year - ((until.month, until.day) < (month, day))


def age(released: str | None, until: date) -> str:
    """'7 years old'."""
    years = years_since(released, until)
    return "age unknown" if years is None else f"{years} year{'' if years == 1 else 's'} old"


def languages_of(one: SongWeek, most: int) -> str:
    """'Korean 62%, English 20%, +3' of the posts whose language was recognised, or '–'."""
    total = sum(one.languages.values())
    named = [f"{language_name(code)} {percent(n / total)}" for code, n in list(one.languages.items())[:most]]
    more = len(one.languages) - most
    return ", ".join([*named, *([f"+{more}"] if more > 0 else [])]) or "–"
