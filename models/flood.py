"""Signs of a flood: what few accounts, copies, clocks and robots leave in the posts about a song.

A sign is shown beside the counts and changes none of them: reposts are how songs spread, and every sign has honest
explanations too. Below FEWEST posts nothing is said, since two friends posting ten times are no flood. The thresholds
are caution, not fit: each lies far from what independent people do, and none of the demo's ordinary weeks reaches one.

- few accounts: one account to five posts or more. Where most people post once there is nearly one a post.
- one text: the largest cluster of copies holds 30% of the posts.
- unequal accounts: the Gini coefficient of posts by account is 0.6 or more, as where 10% of the accounts write 70%.
- regular gaps: the gaps between the posts, of all or of one account, vary by less than a fifth (coefficient of
  variation below 0.2). Independent people make a Poisson process, in which they vary by 1; a timer makes 0.
- many hashtags: 80% of the posts have 8 hashtags or more. Single posts with as many are common on video platforms.
- many songs: a quarter of the posts name songs of 4 dramas or more. Playlists do; a whole week of them is no talk.
- one address: half of the posts link to one site, and it is none that everybody links to.
- same second: a third of the posts carry the same second of the minute, where chance gives a sixtieth: of 20 posts
  seven share one about twice in a million weeks. Dates without a time are left out.
- unusual languages: the mix of languages is 0.7 or more (total variation distance) from that of the song's earlier
  posts, of which there are at least 50.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from models.korean_time import KST

FEWEST: Final = 20
FEW_ACCOUNTS: Final = 0.2
ONE_TEXT: Final = 0.3
UNEQUAL: Final = 0.6
STEADY: Final = 0.2
MANY_HASHTAGS, HASHTAG_SHARE = 8, 0.8
MANY_SONGS, SONG_SHARE = 4, 0.25
ADDRESS_SHARE: Final = 0.5
SECOND_SHARE: Final = 1 / 3
USUAL_POSTS, UNUSUAL = 50, 0.7

EVERYBODYS: Final = frozenset(
    {
        "youtube.com", "youtu.be", "music.youtube.com", "tiktok.com", "vm.tiktok.com", "vt.tiktok.com", "instagram.com",
        "twitter.com", "x.com", "t.co", "facebook.com", "fb.me", "reddit.com", "redd.it", "tumblr.com", "bsky.app",
        "threads.net", "naver.com", "blog.naver.com", "naver.me", "melon.com", "kko.to", "genie.co.kr", "bugs.co.kr",
        "open.spotify.com", "spotify.link", "spoti.fi", "music.apple.com", "deezer.com", "soundcloud.com", "linktr.ee",
        "lnk.to", "bit.ly",
    }
)  # fmt: skip
"""Sites and shorteners to which people link from everywhere; that many do is no sign of anything."""

_HOST = re.compile(r"https?://(?:[^\s/@]{0,200}@)?(?:www\.|m\.)?([a-z0-9.-]{1,253})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as far as floods go.

    `author` is None where unknown, `cluster` that of its copies, `songs` how many unrelated songs (of different
    dramas) it names, `domain` the site it links to (see `linked_domain`).
    """

    author: str | None
    cluster: str
    published_at: datetime
    hashtags: int = 0
    songs: int = 1
    domain: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign by name, the figures it rests on, and a sentence that says it."""

    name: str
    figures: Mapping[str, float]
    sentence: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many posts there are, how many of them say something of their own, and how many people wrote them.

    Copies count as one distinct post. Posts without a known author count as a person each, copies of one text once.
    """

    posts: int
    distinct_posts: int
    authors: int


def crowd(posts: Sequence[Seen]) -> Crowd:
    """Posts, distinct posts and distinct authors."""
    return Crowd(len(posts), len({post.cluster for post in posts}), len({_who(post) for post in posts}))


def signs(posts: Sequence[Seen], usual_languages: Mapping[str, int] | None = None) -> tuple[Sign, ...]:
    """The signs of a flood in one song's posts of a week or another window; none in fewer than FEWEST posts.

    `usual_languages` counts the song's earlier posts by language.
    """
    if len(posts) < FEWEST:
        return ()
    accounts = Counter(map(_who, posts))
    return (
        *_few_accounts(accounts),
        *_one_text(posts),
        *_unequal_accounts(accounts),
        *_regular_gaps(posts),
        *_crammed(posts),
        *_one_address(posts),
        *_same_second(posts),
        *_unusual_languages(posts, usual_languages or {}),
    )


def linked_domain(text: str) -> str | None:
    """The first site that a text links to and that is not everybody's, without 'www.'; None where there is none."""
    hosts = (found[1].lower().rstrip(".") for found in _HOST.finditer(text))
    return next((host for host in hosts if host and host not in EVERYBODYS), None)


def _who(post: Seen) -> str:
    return f"author {post.author}" if post.author else f"whoever wrote {post.cluster}"


def _few_accounts(accounts: Counter[str]) -> Iterator[Sign]:
    posts = accounts.total()
    share = len(accounts) / posts
    if share <= FEW_ACCOUNTS:
        figures = {"posts": posts, "accounts": len(accounts), "share": round(share, 4)}
        yield Sign("few accounts", figures, f"{posts} posts come from {_count(len(accounts), 'account')}.")


def _one_text(posts: Sequence[Seen]) -> Iterator[Sign]:
    _, copies = Counter(post.cluster for post in posts).most_common(1)[0]
    share = copies / len(posts)
    if share >= ONE_TEXT:
        figures = {"copies": copies, "share": round(share, 4)}
        yield Sign("one text", figures, f"{copies} of {len(posts)} posts ({share:.0%}) are copies of one text.")


def _unequal_accounts(accounts: Counter[str]) -> Iterator[Sign]:
    gini = _gini(sorted(accounts.values()))
    if gini >= UNEQUAL:
        busiest = [posts for _, posts in accounts.most_common(5)]
        share = sum(busiest) / accounts.total()
        yield Sign(
            "unequal accounts",
            {"gini": round(gini, 4), "busiest": len(busiest), "share": round(share, 4)},
            f"The {len(busiest)} busiest of {len(accounts)} accounts wrote {share:.0%} of the posts (Gini {gini:.2f}).",
        )


def _gini(counts: Sequence[int]) -> float:
    """0 where all counts (ascending) are equal, towards 1 where one has everything."""
    many = len(counts)
    weighted = sum(place * posts for place, posts in enumerate(counts, 1))
    return 2 * weighted / (many * sum(counts)) - (many + 1) / many


def _regular_gaps(posts: Sequence[Seen]) -> Iterator[Sign]:
    by_account: dict[str, list[datetime]] = defaultdict(list)
    for post in posts:
        by_account[_who(post)].append(post.published_at)
    series = [("The posts", [post.published_at for post in posts])]
    series += [("One account's posts", times) for times in by_account.values()]
    paces = [(*pace, whose, len(times)) for whose, times in series if (pace := _pace(times))]
    if paces:
        variation, seconds, whose, many = min(paces)
        yield Sign(
            "regular gaps",
            {"variation": round(variation, 4), "seconds": round(seconds), "posts": many},
            f"{whose} follow each other every {_span(seconds)}, give or take {variation:.0%} ({many} posts).",
        )


def _pace(times: Sequence[datetime]) -> tuple[float, float] | None:
    """(coefficient of variation, mean gap in seconds) where there are gaps enough and they are regular, else None."""
    if len(times) < FEWEST:
        return None
    gaps = [(after - before).total_seconds() for before, after in pairwise(sorted(times))]
    mean = statistics.fmean(gaps)
    variation = statistics.pstdev(gaps) / mean if mean else 1.0
    return (variation, mean) if variation < STEADY else None


def _crammed(posts: Sequence[Seen]) -> Iterator[Sign]:
    tagged = sum(post.hashtags >= MANY_HASHTAGS for post in posts)
    if tagged >= HASHTAG_SHARE * len(posts):
        yield _share("many hashtags", tagged, posts, f"have {MANY_HASHTAGS} hashtags or more")
    listing = sum(post.songs >= MANY_SONGS for post in posts)
    if listing >= SONG_SHARE * len(posts):
        yield _share("many songs", listing, posts, f"name songs of {MANY_SONGS} dramas or more")


def _one_address(posts: Sequence[Seen]) -> Iterator[Sign]:
    domains = Counter(post.domain for post in posts if post.domain)
    for domain, linking in domains.most_common(1):
        if linking >= ADDRESS_SHARE * len(posts):
            yield _share("one address", linking, posts, f"link to {domain}")


def _same_second(posts: Sequence[Seen]) -> Iterator[Sign]:
    seconds = Counter(post.published_at.second for post in posts if not _is_bare_date(post.published_at))
    for second, many in seconds.most_common(1):
        if many >= SECOND_SHARE * len(posts):
            yield _share("same second", many, posts, f"appeared at second {second} of a minute")


def _is_bare_date(at: datetime) -> bool:
    """Whether a source gave a day and no time: midnight, here or in Korea."""
    return any((local.hour, local.minute, local.second) == (0, 0, 0) for local in (at, at.astimezone(KST)))


def _unusual_languages(posts: Sequence[Seen], usual: Mapping[str, int]) -> Iterator[Sign]:
    now = Counter(post.language for post in posts if post.language)
    before = sum(usual.values())
    if now.total() < FEWEST or before < USUAL_POSTS:
        return
    shares = {language: many / now.total() for language, many in now.items()}
    apart = sum(max(share - usual.get(language, 0) / before, 0.0) for language, share in shares.items())
    if apart >= UNUSUAL:
        most = max(shares, key=lambda language: (shares[language] - usual.get(language, 0) / before, language))
        yield Sign(
            "unusual languages",
            {"distance": round(apart, 4), "share": round(shares[most], 4)},
            f"{shares[most]:.0%} of the posts are in '{most}', usually {usual.get(most, 0) / before:.0%}.",
        )


def _share(name: str, many: int, posts: Sequence[Seen], what: str) -> Sign:
    share = many / len(posts)
    figures = {"posts": many, "share": round(share, 4)}
    return Sign(name, figures, f"{many} of {len(posts)} posts ({share:.0%}) {what}.")


def _span(seconds: float) -> str:
    for size, name in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}s"
    return f"{seconds:.0f} seconds"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
