"""Make the sample archive from story, phrases and a fixed seed: `python -m tracker.demo.generate FOLDER`."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.korean_time import HOUR, iso
from models.post import Reading
from tracker.demo import counters, people, story, wording
from tracker.demo.chance import Chance
from tracker.demo.intents import Intent, parts

_TITLED = ("youtube", "reddit", "naver")
_TRAILING_TAGS = {"tiktok": 0.9, "instagram": 0.85, "youtube": 0.5, "naver": 0.5, "mastodon": 0.7, "x": 0.3}

_HASHTAG = re.compile(r"#([^\s#,.!?()|/]+)")  # not \w, which lacks the marks of Thai and Hindi


@dataclass(frozen=True)
class Made:
    """A post without its counts, its readings, and what its writer meant."""

    fields: dict[str, Any]
    readings: tuple[Reading, ...]
    songs: tuple[str, ...]
    tag: str

    @property
    def key(self) -> str:
        """As in the contract: 'platform:id'."""
        return f"{self.fields['platform']}:{self.fields['id']}"


def posts() -> Iterator[Made]:
    """Every post of the demo that collection found at least once, by part of the story."""
    crowd = people.Crowd()
    for name, intents in parts():
        for number, intent in enumerate(intents):
            chance = Chance("post", name, number)
            if not counters.collected(intent.platform, intent.published, chance):
                continue
            seen = tuple(counters.readings(intent.platform, intent.published, intent.heat, chance))
            if seen:
                yield Made(_fields(intent, crowd, chance), seen, intent.songs, intent.tag)


def _fields(intent: Intent, crowd: people.Crowd, chance: Chance) -> dict[str, Any]:
    author = intent.author or crowd.author(intent.platform, intent.language, chance)
    place = people.place(intent.platform, author, chance)
    title, text, hashtags = _words(intent, chance)
    stated = chance.happens(0.6)
    return {
        "platform": intent.platform,
        "id": place.id,
        "url": place.url,
        "author": place.author,
        "title": title,
        "text": text,
        "hashtags": hashtags,
        "language": intent.language if stated else None,
        "published_at": iso(intent.published),
        "sound": _sound(intent, chance),
    }


def _words(intent: Intent, chance: Chance) -> tuple[str | None, str | None, list[str]]:
    """Title, text and hashtags, as the platform has them."""
    lists = wording.phrases(intent.language)
    slots = _slots(intent, chance)
    said = wording.fill(intent.pattern, slots, chance)
    after = [wording.fill(chance.pick(choices), slots, chance) for choices in _endings(intent, lists, chance)]
    if intent.platform not in _TITLED and chance.happens(0.2):
        said = f"{chance.pick(lists['open'])} {said}"
    tags = _tags(intent, slots, lists["tags"], chance)
    tail = " ".join(f"#{tag}" for tag in tags)
    if intent.platform in _TITLED:
        title, text = said, " ".join([*after, tail]).strip() or None
        found = _HASHTAG.findall(f"{title} {text or ''}")
        return title, text, _once(found)
    text = " ".join(filter(None, [said, *after, tail]))
    return None, text, _once(_HASHTAG.findall(text))


def _slots(intent: Intent, chance: Chance) -> dict[str, str]:
    """The names of its songs or of its drama, {me} an invented channel and {n} a small number."""
    slots = {"me": chance.pick(wording.phrases(intent.language)["me"])}
    dramas = [wording.names()["song"][song]["drama"] for song in intent.songs] + [intent.drama]
    slots["n"] = str(chance.whole(2, max(2, _episodes(dramas[0], intent.published))))
    if intent.drama:
        singer = chance.pick(list(wording.names()["singer"]))
        slots |= wording.drama_slots(intent.drama, intent.language, chance)
        return {**slots, "singer": wording.singer_form(singer, intent.language, chance)}
    for song, suffix in zip(intent.songs, ("", "2"), strict=False):
        forms = wording.song_slots(song, intent.language, chance)
        slots |= {f"{slot}{suffix}": form for slot, form in forms.items()}
    return slots


def _episodes(drama: str, moment: datetime) -> int:
    """How many episodes people can speak of by then: two a week while an invented drama runs."""
    if drama not in story.ON_AIR:
        return 29
    return 1 + int((moment - story.ON_AIR[drama][0]) / (84 * HOUR))


def _endings(intent: Intent, lists: Any, chance: Chance) -> Iterator[list[str]]:
    """The lists from which a post's further sentences come: of its wave, and the small ones people add."""
    telling = intent.tag == "reaction" or intent.tag == intent.wording  # elsewhere it would blur what the post is
    if intent.wording and telling and chance.happens(0.6):
        yield lists["wave"][intent.wording]
    if chance.happens(0.5):
        felt = intent.tag == "reaction" or (intent.tag != "other" and chance.happens(0.5))
        yield lists["close" if felt else "plain"]


def _tags(intent: Intent, slots: dict[str, str], usual: list[str], chance: Chance) -> list[str]:
    eagerness = 1 if intent.songs else 0.4
    if not chance.happens(eagerness * _TRAILING_TAGS.get(intent.platform, 0)):
        return []
    own = [slots[slot] for slot in ("song_", "drama_", "singer_") if slot in slots and chance.happens(0.45)]
    return _once([*own, *(chance.pick(usual) for _ in range(chance.whole(1, 3)))])


def _sound(intent: Intent, chance: Chance) -> str | None:
    if intent.platform != "tiktok" or not chance.happens(0.7):
        return None
    if intent.songs and intent.tag != "cover":
        return f"demo{Chance('sound', intent.songs[0]).code(7)}"
    return f"demo{chance.code(7)}"


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def post_lines(made: Iterable[Made]) -> list[str]:
    """The post lines of the contract, one a reading, in the order in which they became known; no labels."""
    lines = []
    for post in made:
        for reading in post.readings:
            observed = iso(reading.observed_at or story.END)
            views, likes, comments, shares = reading.counts
            counts = {"views": views, "likes": likes, "comments": comments, "shares": shares}
            stated = {name: value for name, value in {**post.fields, **counts}.items() if value not in (None, [])}
            lines.append((observed, post.key, _json({**stated, "observed_at": observed})))
    return [line for _, _, line in sorted(lines)]


def coverage_lines() -> list[str]:
    """The coverage lines: each source's first and last hour in full, and every hour of a gap."""
    first, last = story.START, story.END - HOUR
    rows = [(platform, hour, 1.0) for platform in counters.SITES for hour in (first, last)]
    for gap in story.GAPS:
        hours = int((gap.end - gap.start) / HOUR)
        rows += [(gap.platform, gap.start + HOUR * number, gap.fraction) for number in range(hours)]
    rows.sort(key=lambda row: (row[1], row[0]))
    return [_json({"platform": name, "hour": iso(hour), "fraction": share}) for name, hour, share in rows]


def meant_lines(made: Iterable[Made]) -> list[str]:
    """What each writer meant, by key: for the demo's own figures only, never for the pipeline."""
    return sorted(_json({"key": post.key, "songs": list(post.songs), "tag": post.tag}) for post in made)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(folder: Path) -> None:
    """Write archive, coverage and meanings into `folder`; the same bytes wherever zlib is the same."""
    made = list(posts())
    for name, lines in (("archive", post_lines(made)), ("meant", meant_lines(made))):
        body = "".join(f"{line}\n" for line in lines).encode()
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    (folder / "coverage.jsonl").write_text("".join(f"{line}\n" for line in coverage_lines()), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
