"""What speaks against a song: other singers, other works, a twin that fits better, a date before its release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from models.catalogue import Song
from models.linking.context import Candidate
from models.linking.contest import Contest
from models.linking.evidence import Evidence, evidence
from models.linking.lexicon import Kind, Name
from models.linking.nearness import distance, is_close
from models.linking.sightings import Sighting
from models.linking.titles import negation

BEFORE_RELEASE = timedelta(days=30)
AFTER_RELEASE = timedelta(days=120)
NAMED = 0.65
"""From this share of its full weight on a singer or a drama counts as named."""
WHOLE_POST = 200

_BY = re.compile(r"[\s\"'”)\]]*\bby\s+([A-Z][\w.&'-]*)")
_DASH = re.compile(r"\s+-\s+|\s*_\s*|\s+–\s+")
_WORD = re.compile(r"[^\W\d_]+")


def conflict_evidence(candidate: Candidate, contest: Contest) -> Iterator[Evidence]:
    """What speaks against a candidate."""
    yield from _other_singers(candidate, contest)
    yield from _other_works(candidate, contest)
    yield from _better_twin(candidate, contest.twins(candidate))
    if candidate.spelt_like_drama and not _has_singer(candidate):
        yield evidence("spelt like its drama", candidate.page.words(candidate.seen))
    tied = _has_singer(candidate) or _has_drama(candidate)
    if candidate.song.id in candidate.lexicon.remakes and not tied:
        yield evidence("remake of an older song")


def _has_singer(candidate: Candidate) -> bool:
    return candidate.heard or (candidate.singer is not None and candidate.singer.share >= NAMED)


def _has_drama(candidate: Candidate) -> bool:
    return candidate.drama is not None and candidate.drama.share >= NAMED


def _other_singers(candidate: Candidate, contest: Contest) -> Iterator[Evidence]:
    """The strongest naming of somebody who does not sing this song, less where its own singer or drama is named."""
    share = 0.12 if _has_singer(candidate) else 0.55 if _has_drama(candidate) else 1.0
    found: list[Evidence] = []
    rivals = candidate.lexicon.rivals[candidate.song.id]
    for seen, name in candidate.page.of(Kind.RIVAL):
        if name.id not in rivals or seen.start == candidate.seen.start or _is_own(candidate, seen):
            continue
        close = is_close(candidate.page, candidate.seen, seen)
        if (close or not name.weak) and negation(candidate.page, seen) is None:
            known = _rival_share(candidate, share, close=close)
            found.append(evidence("singer of another song with this title", candidate.page.words(seen), known))
    for kind in (Kind.ARTIST, Kind.ACT):
        for seen, name in candidate.page.of(kind):
            if seen.start == candidate.seen.start or _is_own(candidate, seen):
                continue
            if _is_explained(name.id, candidate, contest):
                continue
            weight = share * _prominence(candidate, seen, name)
            found.append(evidence("another singer named", candidate.page.words(seen), weight))
    if not found and not _has_singer(candidate) and (stranger := _stranger(candidate)):
        found.append(evidence("somebody else named as singer", stranger, share))
    worst = min(found, key=lambda piece: piece.weight, default=None)
    if worst is not None and worst.weight < 0:
        yield worst


def _rival_share(candidate: Candidate, share: float, *, close: bool) -> float:
    """Somebody else's song is often set to scenes of a drama, so the drama does not outweigh a rival by the title."""
    if share < 0.5:
        return share
    return 1.3 if close and not candidate.words("ost") else 0.7 * share + 0.3


def _is_own(candidate: Candidate, seen: Sighting) -> bool:
    """Whether a sighting names the song's singer, one of the group that sings it, its group, or its drama's cast."""
    artists = candidate.lexicon.catalogue.artists
    own = {*candidate.song.artists, *(artists[key].group for key in candidate.song.artists)}
    for name in seen.names:
        if name.kind is Kind.ARTIST and (name.id in own or artists[name.id].group in candidate.song.artists):
            return True
        if name.kind in (Kind.CAST, Kind.CHARACTER, Kind.DRAMA) and name.id == candidate.song.drama:
            return True
    return False


def _is_explained(artist: str, candidate: Candidate, contest: Contest) -> bool:
    """Whether an artist is named for another song of the post, or sings another song of the same drama."""
    if contest.sings_another(artist, candidate):
        return True
    in_drama = artist in candidate.lexicon.singers_of[candidate.song.drama]
    return in_drama and (_has_drama(candidate) or bool(candidate.characters))


def _prominence(candidate: Candidate, seen: Sighting, name: Name) -> float:
    """How much the naming of another singer says: most beside the title, little far off, little for a common word."""
    artist = candidate.lexicon.catalogue.artists.get(name.id)
    close = is_close(candidate.page, candidate.seen, seen)
    if artist is not None and artist.kind == "actor":
        return 0.6 if close else 0.15
    if close:
        return 0.6 if name.weak else 1.25
    if name.weak:
        return 0.0
    fields = {candidate.page.field_of(seen), candidate.page.field_of(candidate.seen)}
    return 0.6 if fields != {1} or distance(seen, candidate.seen) <= WHOLE_POST else 0.2


def _stranger(candidate: Candidate) -> str:
    """The unknown name of "Title by NAME" or, in a post's title or first line, of "NAME - Title"; '' for none."""
    page, seen = candidate.page, candidate.seen
    by = _BY.match(page.cased, seen.end)
    if by is not None and not any(other.start == by.start(1) for other in page.sightings):
        return by[1]
    begin = page.folded.rfind("\n", 0, seen.start) + 1
    end = page.folded.find("\n", seen.end)
    end = len(page.folded) if end < 0 else end
    tags = page.folded.find("#", seen.end, end)
    end = end if tags < 0 else tags
    if page.field_of(seen) == 2 or end - begin > 160:
        return ""
    place = begin
    parts: list[tuple[int, int]] = []
    for dash in _DASH.finditer(page.folded, begin, end):
        parts.append((place, dash.start()))
        place = dash.end()
    parts.append((place, end))
    at = next((i for i, (start, stop) in enumerate(parts) if start <= seen.start < stop), None)
    if at is None:
        return ""
    beside = [parts[i] for i in (at - 1, at + 1) if 0 <= i < len(parts)]
    if any(other.start >= start and other.end <= stop for start, stop in beside for other in page.sightings):
        return ""
    names = [page.cased[start:stop] for start, stop in beside if 1 <= len(_WORD.findall(page.folded[start:stop])) <= 4]
    return names[0].strip() if names else ""


def _other_works(candidate: Candidate, contest: Contest) -> Iterator[Evidence]:
    if _has_drama(candidate):
        return
    share = 0.4 if _has_singer(candidate) else 1.0
    page = candidate.page
    for seen, name in page.of(Kind.DRAMA):
        if name.id != candidate.song.drama and not name.weak and not contest.has_another(name.id, candidate):
            yield evidence("another drama named", page.words(seen), share)
            return
    for seen, name in page.of(Kind.WORK):
        if not name.weak:
            yield evidence("another work named", page.words(seen), share)
            return
    for seen in candidate.words("ost"):
        if stranger := _unknown_work(candidate, seen):
            yield evidence("OST of another work", stranger, share)
            return


_BRACKETED = re.compile(r"[(\[<〈《「【]([^()\[\]<>〈〉《》「」【】\n]{1,30}?)\s*$")


def _unknown_work(candidate: Candidate, ost: Sighting) -> str:
    """The unknown work of "(... OST)": what stands in the same bracket before the word."""
    page = candidate.page
    inside = _BRACKETED.search(page.folded, max(0, ost.start - 32), ost.start)
    if inside is None or not _WORD.search(inside[1]):
        return ""
    known = any(inside.start(1) < seen.end and seen.start < inside.end(1) for seen in page.sightings)
    return "" if known else page.cased[inside.start(1) : inside.end(1)]


def _better_twin(candidate: Candidate, twins: Sequence[Candidate]) -> Iterator[Evidence]:
    """Another song has the same title, and the post names its singer or its drama, not this song's."""
    if not twins or _has_singer(candidate):
        return
    named = [twin for twin in twins if _has_singer(twin)]
    if named or max(map(_drama_fit, twins)) > _drama_fit(candidate):
        rival = max(named or twins, key=_drama_fit)
        yield evidence("its twin fits better", rival.song.id)


def undecided_twins(candidate: Candidate, contest: Contest) -> list[str]:
    """Songs with the same title that the post ties to its words just as well: only one of them all can be meant."""
    twins = contest.twins(candidate)
    if not twins or _has_singer(candidate) or any(map(_has_singer, twins)):
        return []
    own = _drama_fit(candidate)
    if own >= NAMED:
        twins = [twin for twin in twins if _drama_fit(twin) >= own]
    return sorted(twin.song.id for twin in twins)


def _drama_fit(candidate: Candidate) -> float:
    named = candidate.drama.share if candidate.drama is not None else 0.0
    people = 0.7 if any(not name.weak for _, name in candidate.characters) else 0.3 if candidate.characters else 0.0
    return max(named, people)


def date_evidence(song: Song, published_at: datetime, first_aired: str | None) -> Iterator[Evidence]:
    """A song cannot be sung before it is out; most is said of it in the months after."""
    released = song.released or first_aired
    if released is None:
        return
    start = _earliest(released)
    if published_at < start - BEFORE_RELEASE:
        yield evidence("posted before the release", released)
    elif song.released is not None and published_at <= start + AFTER_RELEASE:
        yield evidence("around its release", released)


def _earliest(date: str) -> datetime:
    """The first moment of a year, a month or a day."""
    year, month, day = ([int(part) for part in date.split("-")] + [1, 1])[:3]
    return datetime(year, month, day, tzinfo=UTC)
