"""Accounts, ids and addresses that exist on no real site: ids begin with 'demo', hosts end in .invalid."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.demo.chance import Chance

_WORDS = """
    amber basil cedar clover comet dune ember fern fig fjord ginger hazel heron indigo ivory juniper
    kelp kite lark lilac lotus maple marble meadow mint mocha moss nectar nimbus olive opal otter pebble
    pine plum poppy quartz quill raven reed rowan saffron sage sable sesame shell sorrel spruce sugar
    swallow tansy thistle thyme umber velvet walnut willow wren yarrow zephyr
""".split()  # noqa: SIM905 (readable)

_RETURNING = 0.3


@dataclass(frozen=True)
class Place:
    """Where a post stands: the site's id, an address nobody can open, and the author's own name there."""

    id: str
    url: str
    author: str | None


class Crowd:
    """The accounts of each platform and language; some post again, most are new."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], list[str]] = {}

    def author(self, platform: str, language: str, chance: Chance) -> str | None:
        """An account's canonical name; None now and then on reddit, where accounts get deleted."""
        if platform == "reddit" and chance.happens(0.04):
            return None
        known = self._known.setdefault((platform, language), [])
        if known and chance.happens(_RETURNING):
            return chance.pick(known)
        known.append(account(platform, chance))
        return known[-1]


def account(platform: str, chance: Chance) -> str:
    """A new account in the form the contract has for `platform`."""
    if platform == "youtube":
        return f"UCdemo{chance.code(18)}"
    if platform == "bluesky":
        return f"did:plc:demo{chance.code(20)}"
    name = f"demo.{chance.pick(_WORDS)}.{chance.pick(_WORDS)}{chance.whole(1, 999)}"
    if platform == "mastodon":
        return f"{name}@{chance.pick(('harbour', 'kiln', 'tram'))}.example.invalid"
    return name.replace(".", "_") if platform in ("reddit", "naver", "x") else name


def place(platform: str, author: str | None, chance: Chance) -> Place:
    """A new post's id and address on `platform`."""
    code = chance.code(8)
    if platform == "mastodon" and author:
        user, server = author.split("@")
        uri = f"https://{server}/users/{user}/statuses/{code}"
        return Place(uri, uri, author)
    if platform == "bluesky":
        uri = f"at://{author}/app.bsky.feed.post/demo{code}"
        return Place(uri, f"https://bluesky.example.invalid/demo{code}", author)
    name = f"t3_demo{code}" if platform == "reddit" else f"demo{code}"
    return Place(name, f"https://{platform}.example.invalid/{name}", author)
