"""What speaks against a song: other singers, other works, a twin that fits better, a date before its release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from models.catalogue import Song
from models.linking.candidate import NAMED, Candidate
from models.linking.contest import Contest
from models.linking.evidence import PRIORS, Piece, piece
from models.linking.lexicon import Kind, Name
from models.linking.nearness import distance, is_close
from models.linking.sightings import Sighting
from models.linking.titles import negation

BEFORE_RELEASE = timedelta(days=30)
AFTER_RELEASE = timedelta(days=120)
WHOLE_POST = 200

_BY = re.compile(r"[\s\"'”)\]]*\bby\s+([A-Z][\w.&'-]*)")
_DASH = re.compile(r"\s+-\s+|\s*_\s*")
_WORD = re.compile(r"[^\W\d_]+")


def conflict_evidence(candidate: Candidate, contest: Contest) -> Iterator[Piece]:
    """What speaks against a candidate."""
    if (singer := _other_singer(candidate, contest)) is not None:
        yield singer
    if (work := _other_work(candidate, contest)) is not None:
        yield work
    if not candidate.has_singer:
        if (twin := _better_twin(candidate, contest.twins(candidate))) is not None:
            yield twin
        if candidate.spelt_like_drama:
            yield piece("spelt like its drama", candidate.page.words(candidate.seen))
        if candidate.song.id in candidate.lexicon.remakes and not candidate.has_drama:
            yield piece("remake of an older song")


def _other_singer(candidate: Candidate, contest: Contest) -> Piece | None:
    """The strongest naming of somebody who does not sing this song, less where its own singer or drama is named."""
    share = 0.12 if candidate.has_singer else 0.55 if candidate.has_drama else 1.0
    found = [*_rivals(candidate, share), *_others(candidate, contest, share)]
    if not found and not candidate.has_singer and (stranger := _stranger(candidate)):
        found.append(piece("somebody else named as singer", stranger, share))
    worst = min(found, key=_prior_weight, default=None)
    return worst if worst is not None and _prior_weight(worst) < 0 else None


def _rivals(candidate: Candidate, share: float) -> list[Piece]:
    """Where performers of another song with this title are named."""
    page, found = candidate.page, []
    rivals = candidate.lexicon.rivals[candidate.song.id]
    for seen, name in page.of(Kind.RIVAL) if rivals else ():
        if name.id not in rivals or seen.start == candidate.seen.start or _is_own(candidate, seen):
            continue
        close = is_close(page, candidate.seen, seen)
        if (close or not name.weak) and negation(page, seen) is None:
            known = _rival_share(candidate, share, close=close)
            found.append(piece("singer of another song with this title", page.words(seen), known))
    return found


def _others(candidate: Candidate, contest: Contest, share: float) -> list[Piece]:
    """Where singers are named who have nothing to do with the song, nor with another that the post names."""
    page = candidate.page
    return [
        piece("another singer named", page.words(seen), share * _prominence(candidate, seen, name))
        for kind in (Kind.ARTIST, Kind.ACT)
        for seen, name in page.of(kind)
        if seen.start != candidate.seen.start
        and not _is_own(candidate, seen)
        and not _is_explained(name.id, candidate, contest)
    ]


def _prior_weight(one: Piece) -> float:
    return PRIORS[one[0]] * one[2]


def _rival_share(candidate: Candidate, share: float, *, close: bool) -> float:
    """Somebody else's song is often set to scenes of a drama, so the drama does not outweigh a rival by the title."""
    if share < 0.5:
        return share
    return 1.3 if close and not candidate.page.said("ost") else 0.7 * share + 0.3


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
    in_drama = candidate.tied and artist in candidate.lexicon.singers_of[candidate.song.drama]
    return in_drama and (candidate.has_drama or bool(candidate.characters))


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
    if page.field_of(seen) == 2 or not ("-" in page.folded or "_" in page.folded):
        return ""
    begin = page.folded.rfind("\n", 0, seen.start) + 1
    end = page.folded.find("\n", seen.end)
    end = len(page.folded) if end < 0 else end
    tags = page.folded.find("#", seen.end, end)
    end = end if tags < 0 else tags
    if end - begin > 160:
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


def _other_work(candidate: Candidate, contest: Contest) -> Piece | None:
    if candidate.has_drama:
        return None
    share = 0.4 if candidate.has_singer else 1.0
    page = candidate.page
    for seen, name in page.of(Kind.DRAMA):
        if name.id != candidate.song.drama and not name.weak and not contest.has_another(name.id, candidate):
            return piece("another drama named", page.words(seen), share)
    for seen, name in page.of(Kind.WORK):
        if not name.weak:
            return piece("another work named", page.words(seen), share)
    for seen in page.said("ost"):
        if stranger := _unknown_work(candidate, seen):
            return piece("OST of another work", stranger, share)
    return None


_BRACKETED = re.compile(r"[(\[<〈《「【]([^()\[\]<>〈〉《》「」【】\n]{1,30}?)\s*$")


def _unknown_work(candidate: Candidate, ost: Sighting) -> str:
    """The unknown work of "(... OST)": what stands in the same bracket before the word."""
    page = candidate.page
    inside = _BRACKETED.search(page.folded, max(0, ost.start - 32), ost.start)
    if inside is None or not _WORD.search(inside[1]):
        return ""
    known = any(inside.start(1) < seen.end and seen.start < inside.end(1) for seen in page.sightings)
    return "" if known else page.cased[inside.start(1) : inside.end(1)]


def _better_twin(candidate: Candidate, twins: Sequence[Candidate]) -> Piece | None:
    """Another song has the same title, and the post names its singer or its drama, not this song's."""
    if not twins:
        return None
    named = [twin for twin in twins if twin.has_singer]
    if named or max(twin.drama_fit for twin in twins) > candidate.drama_fit:
        rival = max(named or twins, key=attrgetter("drama_fit"))
        return piece("its twin fits better", rival.song.id)
    return None


def undecided_twins(candidate: Candidate, contest: Contest) -> list[str]:
    """Songs with the same title that the post ties to its words just as well: only one of them all can be meant."""
    twins = contest.twins(candidate)
    if not twins or candidate.has_singer or any(twin.has_singer for twin in twins):
        return []
    own = candidate.drama_fit
    if own >= NAMED:
        twins = [twin for twin in twins if twin.drama_fit >= own]
    return sorted(twin.song.id for twin in twins)


def date_evidence(song: Song, published_at: datetime, first_aired: str | None) -> Iterator[Piece]:
    """A song cannot be sung before it is out; most is said of it in the months after."""
    released = song.released or first_aired
    if released is None:
        return
    start = _earliest(released)
    if published_at < start - BEFORE_RELEASE:
        yield piece("posted before the release", released)
    elif song.released is not None and published_at <= start + AFTER_RELEASE:
        yield piece("around its release", released)


@lru_cache(maxsize=4096)
def _earliest(date: str) -> datetime:
    """The first moment of a year, a month or a day."""
    year, month, day = ([int(part) for part in date.split("-")] + [1, 1])[:3]
    return datetime(year, month, day, tzinfo=UTC)
