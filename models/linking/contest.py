"""All songs that the spellings in a post may mean, seen together: who else may be meant by the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.linking.candidate import Candidate


class Contest:
    """The candidates of one post, in the order of the text."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self._at: defaultdict[int, list[Candidate]] = defaultdict(list)
        self._sung: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._shown: defaultdict[str, set[int]] = defaultdict(set)
        if len(candidates) < 2:
            return
        for one in candidates:
            self._at[one.seen.start].append(one)
            self._shown[one.song.drama].add(one.seen.start)
            for artist in one.song.artists:
                self._sung[artist].add((one.seen.start, one.song.id))

    def twins(self, candidate: Candidate) -> list[Candidate]:
        """The other songs of the catalogue that the same spelling may mean."""
        return [other for other in self._at.get(candidate.seen.start, ()) if other.song.id != candidate.song.id]

    def sings_another(self, artist: str, candidate: Candidate) -> bool:
        """Whether an artist may be named for another song that stands elsewhere in the post."""
        start, song = candidate.seen.start, candidate.song.id
        return any(place != start and other != song for place, other in self._sung.get(artist, ()))

    def has_another(self, drama: str, candidate: Candidate) -> bool:
        """Whether a drama may be named for a song that stands elsewhere in the post."""
        return any(place != candidate.seen.start for place in self._shown.get(drama, ()))


NO_CONTEST = Contest(())
"""That of a post that speaks of no song."""
