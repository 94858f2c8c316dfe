"""Running sums over the people that count, kept up to date row by row, so that no hour reads all of them again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.trends.exposure import RING
from models.trends.table import Table, distinct

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

UNIT = 2.0**36
"""Amounts are whole multiples of 1/UNIT: sums of such numbers are exact, in any order and through any correction."""
LEAST_CUT = 0.5
"""What an hour without any exposure may add to a level: it expects nobody."""
BEYOND = np.array([-1])


def in_units(amount: Array) -> Array:
    """`amount` to the nearest 1/UNIT."""
    return np.asarray(np.rint(amount * UNIT) / UNIT)


class Tallies:
    """`people` (weighted), `heads` and `capped` (people, at most `cut`) are RING hours x songs, from the edge on.

    `all_people` and `all_heads` are their sums by song; `platforms` is songs x platforms, every person faded as if
    the edge were now; `cells` serves the guess of the exposure.
    """

    def __init__(self, songs: int) -> None:
        self.people, self.heads, self.capped = (np.zeros((RING, songs)) for _ in range(3))
        self.cut = np.full((RING, songs), LEAST_CUT)
        self.all_people, self.all_heads = np.zeros(songs), np.zeros(songs)
        self.platforms = np.zeros((songs, 0))
        self.cells = Cells()

    def grow(self, platforms: int) -> None:
        """Make room for `platforms` platforms."""
        more = platforms - self.platforms.shape[1]
        if more > 0:
            self.platforms = np.concatenate([self.platforms, np.zeros((len(self.platforms), more))], axis=1)

    def fill(self, rows: Table, edge: int, keep: float) -> None:
        """Begin anew with the rows that are `inside`."""
        for sums in (self.people, self.heads, self.all_people, self.all_heads, self.platforms):
            sums[...] = 0
        self.cells = Cells()
        rows = rows.select(rows["inside"], ("hour", "song", "platform", "amount"))
        self.add(rows, rows["amount"], np.ones(len(rows)), edge, keep)
        self.cap()

    def cap(self) -> None:
        """Cut every hour anew."""
        np.minimum(self.people, self.cut, out=self.capped)

    def add(self, rows: Table, amount: Array, heads: Array, edge: int, keep: float) -> None:
        """Add `amount` and `heads`, which may be negative, where each row belongs."""
        song, hour, platform = rows["song"], rows["hour"], rows["platform"]
        at = hour - edge
        many = self.people.shape[1]
        cell = at * many + song
        np.add.at(self.people.reshape(-1), cell, amount)
        np.add.at(self.heads.reshape(-1), cell, heads)
        self.capped.reshape(-1)[cell] = np.minimum(self.people.reshape(-1)[cell], self.cut.reshape(-1)[cell])
        self.all_people += np.bincount(song, amount, many)
        self.all_heads += np.bincount(song, heads, many)
        pair = song * self.platforms.shape[1] + platform
        np.add.at(self.platforms.reshape(-1), pair, amount * keep ** -at.astype(np.float64))
        self.cells.add(hour, song, platform, amount)

    def cut_off(self, at: int, most: Array) -> None:
        """Note how many people of each song the hour `at` may add to the level."""
        self.cut[at] = most
        self.capped[at] = np.minimum(self.people[at], most)

    def turn(self) -> None:
        """Move the cut on by a day; the sums are to be filled anew."""
        self.cut[:-24] = self.cut[24:]
        self.cut[-24:] = LEAST_CUT


class Cells:
    """The sums by (hour, song, platform) in which there is anybody, in that order, for the hours being guessed."""

    def __init__(self) -> None:
        self.code: Whole = np.zeros(0, np.int64)
        self.amount: Array = np.zeros(0)

    def add(self, hour: Whole, song: Whole, platform: Whole, amount: Array) -> None:
        """Add `amount` to the cell of each row."""
        codes = hour << 40 | song << 16 | platform
        code = distinct(codes)
        sums = np.bincount(np.searchsorted(code, codes), amount, len(code))
        place = np.searchsorted(self.code, code)
        there = np.concatenate([self.code, BEYOND])[place] == code
        self.amount[place[there]] += sums[there]
        if not there.all():
            self.code = np.insert(self.code, place[~there], code[~there])
            self.amount = np.insert(self.amount, place[~there], sums[~there])

    def since(self, hour: int) -> tuple[Whole, Whole, Whole, Array]:
        """Hour, song, platform and amount of the cells from `hour` on; those before are forgotten."""
        old = int(np.searchsorted(self.code, hour << 40))
        self.code, self.amount = self.code[old:], self.amount[old:]
        return self.code >> 40, (self.code >> 16) & 0xFFFFFF, self.code & 0xFFFF, self.amount
