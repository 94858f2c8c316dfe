"""Stand-ins behind the real interfaces."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.base import Query, SourceFacts
from collectors.sources import SOURCES
from models.korean_time import moment
from models.post import Post, Reading

NOW = moment("2026-11-20T12:00:00Z")


@dataclass
class FakeClock:
    """A clock that stands still until it is told to move on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


def post(identifier: str, text: str, *, platform: str = "mastodon", at: datetime = NOW, views: int | None = 10) -> Post:
    """A post published an hour before it was seen."""
    return Post(
        platform=platform,
        id=identifier,
        published_at=at - timedelta(hours=1),
        text=text,
        author=f"author-of-{identifier}",
        reading=Reading(at, views=views),
    )


ABOUT_A_SONG = "오늘 도깨비 OST 첫눈처럼 너에게 가겠다 불러봤어요 (에일리)"
ABOUT_NONE = "오늘 점심은 김치찌개였다"


@dataclass
class FakeCollector:
    """A source that answers each planned query from a list, or fails as told."""

    answers: dict[Query, Sequence[Post] | Exception]
    name: str = "mastodon"
    asked_since: list[datetime | None] = field(default_factory=list)
    hang: threading.Event | None = None

    @property
    def facts(self) -> SourceFacts:
        return SOURCES[self.name]

    def queries(self) -> list[Query]:
        return list(self.answers)

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        self.asked_since.append(since)
        if self.hang is not None:
            self.hang.wait(60)
        answer = self.answers[query]
        if isinstance(answer, Exception):
            raise answer
        yield from answer
