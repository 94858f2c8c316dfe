"""Names for simulated songs, and the words in which posts name them: no post leaves open which song it means.

Titles, dramas and singers are invented syllables in Latin letters and Hangul, so that no rule about real titles helps
or hurts. `one` is a single sentence for all posts; `varied` puts the three names into layouts of eleven languages, by
what the post does with the song, with tags or without.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from models.post import TAGS

SONGS_A_DRAMA = 4
SYLLABLES = (
    "ra 라|mi 미|so 소|ha 하|na 나|ri 리|do 도|yu 유|ga 가|mo 모|"
    "se 세|ji 지|bo 보|hu 후|di 디|ru 루|no 노|sa 사|ma 마|ro 로"
)
_PAIRS = [pair.split() for pair in SYLLABLES.split("|")]
FAMILIES = ("Baek 백", "Cheon 천", "Dokgo 독고", "Eom 엄", "Hwang 황", "Jegal 제갈", "Maeng 맹", "Seonu 선우", "Tak 탁")


@dataclass(frozen=True)
class Named:
    """A name in Latin letters and in Hangul."""

    latin: str
    hangul: str


@dataclass(frozen=True)
class Tune:
    """A simulated song by its names; `id` is its place in the truth."""

    id: int
    title: Named
    drama: Named
    singer: Named

    @property
    def slug(self) -> str:
        return f"song-{self.id:05d}"


def tunes(count: int) -> list[Tune]:
    """`count` songs, the same ones every time, each with a title and a singer of its own."""
    chance = random.Random(count)
    used: set[str] = set()
    dramas = [_word(chance, 4, used) for _ in range(-(-count // SONGS_A_DRAMA))]
    return [
        Tune(song, _word(chance, 5, used), dramas[song // SONGS_A_DRAMA], _person(chance, used))
        for song in range(count)
    ]


def _word(chance: random.Random, syllables: int, used: set[str]) -> Named:
    while True:
        latin, hangul = zip(*chance.choices(_PAIRS, k=syllables), strict=True)
        half = syllables // 2
        word = Named(
            f"{_joined(latin[:half])} {_joined(latin[half:])}", "".join(hangul[:half]) + " " + "".join(hangul[half:])
        )
        if word.latin not in used:
            used.add(word.latin)
            return word


def _person(chance: random.Random, used: set[str]) -> Named:
    family = chance.choice(FAMILIES).split()
    given = _word(chance, 3, used)
    return Named(f"{family[0]} {given.latin.replace(' ', '').title()}", family[1] + given.hangul.replace(" ", ""))


def _joined(syllables: tuple[str, ...]) -> str:
    return "".join(syllables).title()


def catalogue_text(songs: list[Tune]) -> str:
    """The songs as a catalogue file of a user."""
    entries = []
    for drama in {song.id // SONGS_A_DRAMA: song.drama for song in songs}.items():
        entries.append(_entry("drama", id=f"drama-{drama[0]:05d}", title=drama[1].latin, aliases=[drama[1].hangul]))
    for song in songs:
        entries.append(
            _entry("artist", id=f"singer-{song.id:05d}", name=song.singer.latin, aliases=[song.singer.hangul])
        )
        entries.append(
            _entry(
                "song",
                id=song.slug,
                title=song.title.latin,
                hangul=song.title.hangul,
                drama=f"drama-{song.id // SONGS_A_DRAMA:05d}",
                artists=[f"singer-{song.id:05d}"],
            )
        )
    return "\n".join(entries)


def _entry(kind: str, **fields: str | list[str]) -> str:
    lines = [f"{name} = {value!r}" for name, value in fields.items()]
    return "\n".join([f"[[{kind}]]", *lines, ""])


ONE = "{title} by {singer}, from the {drama} OST"

LAYOUTS = {
    "cover": (
        "en {singer} - {title} ({drama} OST) | cover by me",
        "en my piano cover of {title} by {singer} from {drama}",
        "ko {drama_ko} OST {singer_ko} - {title_ko} 커버 불러봤어요",
        "ja {drama} OST {singer}「{title}」歌ってみた",
        "es cover de {title} de {singer}, OST de {drama}",
        "id cover lagu {title} - {singer} OST {drama}",
    ),
    "edit": (
        "en {drama} edit | {title} - {singer} OST",
        "en {drama} [FMV] {singer} · {title} #kdramaedit",
        "ko {drama_ko} 편집 영상 | {singer_ko} {title_ko} OST",
        "pt edit de {drama} com {title} da {singer} OST",
        "th ตัดต่อ {drama} เพลง {title} - {singer} ost",
    ),
    "challenge": (
        "en {title} challenge! {singer} {drama} OST #dancechallenge",
        "ko {title_ko} 챌린지 {singer_ko} {drama_ko} OST",
        "id ikutan {title} challenge, lagu {singer} OST {drama}",
        "fr {title} challenge, la chanson de {singer}, OST {drama}",
    ),
    "reaction": (
        "en first time hearing {title} by {singer} ({drama} OST), reaction",
        "ko {singer_ko} '{title_ko}' 리액션 {drama_ko} OST 처음 들어봄",
        "es reacción a {title} de {singer} - {drama} OST",
        "vi lần đầu nghe {title} của {singer}, nhạc phim {drama} OST",
    ),
    "other": (
        "en {title} by {singer} has been on repeat since {drama} ended. best OST",
        "ko 요즘 {singer_ko} {title_ko} 만 듣는다.. {drama_ko} OST 최고",
        "de {title} von {singer} aus {drama}, mein Lieblings-OST",
        "ar أغنية {title} للمغنية {singer} من مسلسل {drama} OST",
        "hi {drama} OST {title} {singer} बहुत अच्छा गाना है",
        "zh {drama} OST {singer} - {title} 单曲循环",
    ),
}
TAILS = ("", "", " 🥹", " #{drama_tag}ost #kdrama", " #{title_tag} #{drama_tag}", "!!")


def one_text(tune: Tune, tag: int, chance: random.Random) -> tuple[str, str]:
    """Language and text of a post: the same sentence whatever it does."""
    del tag, chance
    return "en", ONE.format(**_names(tune))


def varied_text(tune: Tune, tag: int, chance: random.Random) -> tuple[str, str]:
    """Language and text of a post that does what the tag (a place in TAGS) says."""
    language, layout = chance.choice(LAYOUTS[TAGS[tag]]).split(" ", 1)
    return language, (layout + chance.choice(TAILS)).format(**_names(tune))


TEXTS = {"one": one_text, "varied": varied_text}


def _names(tune: Tune) -> dict[str, str]:
    names = {}
    for role, name in (("title", tune.title), ("drama", tune.drama), ("singer", tune.singer)):
        names |= {role: name.latin, f"{role}_ko": name.hangul, f"{role}_tag": name.latin.replace(" ", "").lower()}
    return names
