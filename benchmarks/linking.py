"""Posts a second of the linker, beside the bare search for the same spellings in the same posts, as JSON.

usage: python -m benchmarks.linking [--songs N [N ...]] [--posts N]

The bare search is ahocorasick_rs over posts that were squashed beforehand: what no linker on top of it can be faster
than. Catalogues and posts are invented (benchmarks/invented.py), ten spellings a song and about 35 characters a post.
Each size runs in a process of its own, on one core; seconds are those of the processor, so that other work on the
machine counts little; best of three passes over the posts.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.invented import catalogue, posts, words_by_language
from models.linking.lexicon import Lexicon
from models.linking.linker import Linker
from models.scanning import DictScanner
from models.text import fold, squash

TIMES = 3
SIZES = (1_000, 10_000, 100_000)

_Given = TypeVar("_Given")


def a_second(work: Callable[[_Given], object], given: Sequence[_Given]) -> float:
    """How many of the given are worked on in a second: the best of TIMES passes."""
    best = float("inf")
    for _ in range(TIMES):
        start = time.process_time()
        for one in given:
            work(one)
        best = min(best, time.process_time() - start)
    return len(given) / best


def megabytes() -> float:
    """The memory of this process (Linux)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(songs: int, count: int) -> dict[str, Any]:
    """One size; the memory is what the linker adds to its catalogue."""
    vocabulary = words_by_language()
    known = catalogue(songs, vocabulary, seed=1)
    given = posts(count, known, vocabulary, seed=2)
    before = megabytes()
    start = time.process_time()
    linker = Linker(known)
    ready = time.process_time() - start
    memory = megabytes() - before
    linked = a_second(linker.link, given)
    used = megabytes() - before
    found = [linker.link(post) for post in given]
    flat = [squash(fold(post.text or "")).text for post in given]
    lexicon = Lexicon(known)
    bare = a_second(lexicon.scanner.find, flat)
    return {
        "songs": songs,
        "spellings": len(lexicon.patterns),
        "posts": count,
        "bare_scan_posts_a_second": round(bare),
        "linker_posts_a_second": round(linked),
        "ratio": round(linked / bare, 3),
        "python_scan_posts_a_second": round(a_second(DictScanner(lexicon.patterns).find, flat)),
        "start_seconds": round(ready, 2),
        "megabytes": round(memory),
        "megabytes_after_the_posts": round(used),
        "share_sure": round(sum(bool(links.sure) for links in found) / count, 3),
        "share_sure_or_possible": round(sum(bool(links.sure or links.possible) for links in found) / count, 3),
    }


def run(sizes: Sequence[int], count: int) -> list[dict[str, Any]]:
    """Every size by itself, one after the other."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return pool.starmap(measure, [(songs, count) for songs in sizes], chunksize=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--posts", type=int, default=10_000, metavar="N")
    given = parser.parse_args()
    print(json.dumps({"linking": run(given.songs, given.posts)}, indent=2))
