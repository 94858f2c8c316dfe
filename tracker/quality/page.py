"""The page "how good are the tags and links": set by set, from recorded figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.quality.blocks import Block, Section, Table, plain, rate, table
from tracker.quality.links import link_blocks
from tracker.quality.prose import INTRODUCTION, READING, SETS, SILENCE
from tracker.quality.tags import tag_blocks

Entry = Mapping[str, Any]


def page(recorded: Mapping[str, Entry]) -> tuple[Section, ...]:
    """The sections of the page for recorded figures by name; the sets we know first, others in the order of names."""
    names = sorted(recorded, key=lambda name: ([*SETS, name].index(name), name))
    sets = {name: recorded[name] for name in names}
    return (
        Section("At a glance", (INTRODUCTION, _at_a_glance(sets))),
        *(Section(name, tuple(_one_set(name, entry))) for name, entry in sets.items()),
        Section("How to read the figures", READING),
        Section("What the figures do not say", SILENCE),
    )


def measured_blocks(measured: Entry) -> tuple[Block, ...]:
    """What is said of one measurement, tags first."""
    tags, links = measured["tags"], measured["links"]
    return (*(tag_blocks(tags) if tags else ()), *(link_blocks(links) if links else ()))


def _at_a_glance(sets: Mapping[str, Entry]) -> Table:
    return table(
        "Each set, and the keyword rule on the same posts",
        ("set", "posts", "tags: macro-F1", "keyword rule", "calibration error",
         "links: precision", "recall", "keyword rule: precision", "recall"),
        ((name, entry["posts"], *_glance_at_tags(entry["tags"]), *_glance_at_links(entry["links"]))
         for name, entry in sets.items()),
    )  # fmt: skip


def _glance_at_tags(tags: Entry | None) -> tuple[str, ...]:
    if tags is None:
        return ("-",) * 3
    return rate(tags, "macro_f1", 3), rate(tags["keyword_rule"], "macro_f1", 3), plain(tags["ece"], 3)


def _glance_at_links(links: Entry | None) -> tuple[str, ...]:
    if links is None:
        return ("-",) * 4
    return tuple(rate(one, name, 3) for one in (links, links["keyword_rule"]) for name in ("precision", "recall"))


def _one_set(name: str, entry: Entry) -> Iterator[Block]:
    if name in SETS:
        yield SETS[name]
    versions = entry["versions"]
    yield (
        f"{entry['posts']} posts, measured on {entry['date']} with linker `{versions['linker']}` and tagger "
        f"`{versions['tagger']}`. Checksum of `{entry['file']}`: `{entry['checksum']}` (BLAKE2b, 128 bits)."
    )
    yield from measured_blocks(entry)
