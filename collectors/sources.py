"""The live sources, one line each: a source that is not listed here does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from collectors import lemmy, mastodon, reddit, reddit_feed, youtube_feed
from collectors.base import Collector, Refused, SourceFacts
from collectors.http import Client

SOURCES: dict[str, SourceFacts] = {
    "mastodon": mastodon.FACTS,
    "youtube_feed": youtube_feed.FACTS,
    "reddit_feed": reddit_feed.FACTS,
    "lemmy": lemmy.FACTS,
    "reddit": reddit.FACTS,
}

_BUILDERS: dict[str, Callable[..., Collector]] = {
    "mastodon": mastodon.Mastodon,
    "youtube_feed": youtube_feed.YouTubeFeed,
    "reddit_feed": reddit_feed.RedditFeed,
    "lemmy": lemmy.Lemmy,
}


def build(
    name: str,
    settings: Any,
    client: Client,
    *,
    clock: Callable[[], datetime],
    environment: Mapping[str, str],
) -> Collector:
    """The collector `name` for one round; `settings` is its section of the configuration.

    Raises Refused, naming the variables, where a needed key is not in `environment`; KeyError for a source
    that does not exist.
    """
    facts = SOURCES[name]
    missing = [variable for variable in facts.key_variables if not environment.get(variable, "").strip()]
    if facts.needs_key and missing:
        raise Refused(f"{name}: needs {' and '.join(missing)} in the environment")
    if name == "reddit":
        keys = {variable: environment[variable].strip() for variable in facts.key_variables}
        return reddit.Reddit(settings, client, clock=clock, keys=keys)
    return _BUILDERS[name](settings, client)


def sources_table() -> str:
    """The facts of every source as a Markdown table, for docs/sources.md."""
    rows = ["| source | key | limits | counters kept | may enter a mixed score | how a deletion shows | cannot tell |"]
    rows.append("|---|---|---|---|---|---|---|")
    for facts in SOURCES.values():
        key = " and ".join(f"`{variable}`" for variable in facts.key_variables) or "none"
        kept = "as long as the post stands" if facts.retention_days is None else f"{facts.retention_days} days"
        mixed = "yes" if facts.mixable else "no"
        cells = (f"`{facts.name}`", key, facts.limits, kept, mixed, facts.deletion, facts.cannot_tell)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)
