"""One pass over the live sources: those of the config that are on, or those named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from collectors.base import Collector, Refused
from collectors.http import Client
from collectors.sources import SOURCES, build
from models.complaint import Complaint
from tracker.config import Config
from tracker.pipeline import Pipeline
from tracker.rounds import Round, Rounds


class UnknownSource(Complaint):
    """A source that does not exist; the message names those that do."""


def chosen_sources(config: Config, named: Iterable[str]) -> list[str]:
    """The sources `named`, in that order, else every enabled one. Raises UnknownSource."""
    names = list(dict.fromkeys(named))
    for name in names:
        if name not in SOURCES:
            raise UnknownSource(f"there is no source {name!r}; there are {', '.join(SOURCES)}")
    return names or [name for name in SOURCES if getattr(config.collect, name).enabled]


class Collectors:
    """Makes a source's collector for one round; call it with the source's name.

    The client behind it lives on from round to round, so that a site that asked to be left alone for a while is.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        environment: Mapping[str, str],
        version: str,
    ) -> None:
        self._config, self._clock, self._environment = config, clock, environment
        self._clients = {name: Client(config.http, clock=clock, sleep=sleep, version=version) for name in SOURCES}

    def __call__(self, name: str) -> Collector:
        """The collector of one source; raises Refused when its key is missing."""
        settings = getattr(self._config.collect, name)
        return build(name, settings, self._clients[name], clock=self._clock, environment=self._environment)

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()


def collect_once(
    pipeline: Pipeline,
    names: Iterable[str],
    make: Callable[[str], Collector],
    *,
    clock: Callable[[], datetime],
) -> Iterator[Round]:
    """Run one round of each source side by side and yield each as it ends."""
    rounds = Rounds(pipeline, clock=clock)
    for name in names:
        try:
            begun = rounds.begin(make(name))
        except Refused as error:
            begun = rounds.skip(name, SOURCES[name].platform, str(error))
        if begun.status != "running":
            yield begun
    try:
        while rounds.running:
            ended = rounds.take(rounds.messages.get())
            if ended is not None:
                yield ended
    except BaseException:
        rounds.interrupt()
        raise
