"""Titles outside the catalogue: which words of a post are one, which are not, and how a rise is told."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue import Catalogue, Source, load_catalogue
from models.discovering.crowd import BITS, MOST_PEOPLE, bit_of, people
from models.discovering.entry import Sketch, entry, slug
from models.discovering.rising import DayCount, rise
from models.discovering.runs import MOST_RUNS, Run, runs
from models.linking.lexicon import Lexicon
from models.linking.linker import Linker
from models.post import Post
from models.text import squashed


class Finder:
    """Finds the runs of texts by one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.linker = Linker(catalogue)
        self.known = frozenset(Lexicon(catalogue).patterns)

    def __call__(self, text: str = "", *tags: str, title: str | None = None) -> list[Run]:
        post = Post("x", "1", datetime(2026, 11, 20, tzinfo=UTC), title=title, text=text or None, hashtags=tags)
        return runs(self.linker.examine(post).page, self.known)

    def keys(self, text: str = "", *tags: str, title: str | None = None) -> set[str]:
        return {run.key for run in self(text, *tags, title=title)}


@pytest.fixture(scope="module")
def find(catalogue: Catalogue) -> Finder:
    return Finder(catalogue)


NEW = [
    ("Han Sol - Warm Bread (Lovely Runner OST Part 3)", {"warmbread"}),
    ("Han Sol – Warm Bread [Lovely Runner OST] Lyrics Color Coded Han/Rom/Eng", {"warmbread"}),
    ("Han Sol - Warm Bread | Lovely Runner OST Part 3 | Lyrics", {"warmbread"}),
    ("Warm Bread - Han Sol (Lovely Runner OST) piano cover", {"warmbread"}),
    ("han sol - warm bread (lovely runner ost)", {"warmbread"}),
    ("Warm Bread (Lovely Runner OST)", {"warmbread"}),
    ("Lovely Runner OST - Warm Bread", {"warmbread"}),
    ("now playing: Han Sol - Warm Bread 🍞 (Lovely Runner OST)", {"warmbread"}),
    ("Davichi - Someday, The Bakery (Queen of Tears OST)", {"somedaythebakery"}),
    ("[MV] Han Sol(한솔) _ Warm Bread(따뜻한 빵) (Moon Bakery(달빛 빵집) OST Part.3)", {"warmbread", "따뜻한빵"}),
    ("[선재 업고 튀어 OST Part 9] 한솔 (Han Sol) - 따뜻한 빵 (Warm Bread) MV", {"warmbread", "따뜻한빵"}),
    ("한솔 - 따뜻한 빵 [달빛 빵집 OST Part.3] 가사", {"따뜻한빵"}),
    ("한솔 '따뜻한 빵' 선재 업고 튀어 OST 커버", {"따뜻한빵"}),
    ("선재 업고 튀어 OST 따뜻한 빵 피아노 커버", {"따뜻한빵"}),
    ("드라마 '달빛 빵집' OST '따뜻한 빵' 너무 좋다", {"따뜻한빵"}),
    ("눈물의 여왕 Part.4 한솔 - 따뜻한 빵", {"따뜻한빵"}),
    ("눈물의 여왕 파트 4 〈따뜻한 빵〉 노래방에서 불러봤어요", {"따뜻한빵"}),
    ("crying over “Warm Bread” from the Lovely Runner ost", {"warmbread"}),
    ("'Warm Bread' by Han Sol, what a song for Lovely Runner", {"warmbread"}),
    ("Crying over Warm Bread from Lovely Runner again, that song!!", {"warmbread"}),
    ("obsessed with Warm Bread by Han Sol, best ost this year", {"warmbread"}),
    ("ECLIPSE's Midnight Bakery is my favourite Lovely Runner OST", {"midnightbakery"}),
    ("「涙の女王」OST《Warm Bread》", {"warmbread"}),
    ("ハン・ソル「あたたかいパン」涙の女王 OST 歌ってみた", {"あたたかいパン"}),
    ("あたたかいパン / ハン・ソル (涙の女王 主題歌) 弾いてみた", {"あたたかいパン"}),
    ("OST《温暖的面包》韩松 泪之女王 翻唱", {"温暖的面包"}),
    ("เพลงประกอบซีรีส์ Lovely Runner 'ขนมปังอุ่น' เพราะมาก", {"ขนมปังอุ่น"}),
    ("nhạc phim Lovely Runner - Bánh Mì Ấm | vietsub", {"banhmiam"}),
    ('la canción "Pan Caliente" de Lovely Runner, qué banda sonora', {"pancaliente"}),
    ('a trilha sonora de Lovely Runner: "Pão Quente" me quebrou', {"paoquente"}),
    ("саундтрек «Тёплый хлеб» из дорамы Lovely Runner", {squashed("Тёплый хлеб")}),
    ("أغنية «خبز دافئ» من Lovely Runner OST", {squashed("خبز دافئ")}),
    ("warm bread all day #lovelyrunner #warmbread #ost", {"warmbread"}),
]

NOT_NEW = [
    # what the catalogue knows, and whoever sings it
    "'Sudden Shower' from Lovely Runner OST",
    "Some Channel - Sudden Shower (Lovely Runner OST) cover",
    "이클립스 - 소나기 (선재 업고 튀어 OST)",
    "I love the Lovely Runner ost so much, Byeon Woo Seok is amazing",
    "「愛の不時着」OST「Flower」",
    # noise of uploaders, in many languages
    "Lovely Runner OST playlist 1 hour loop | full episode eng sub",
    "Lovely Runner OST (Official Video) [Lyrics Han/Rom/Eng]",
    "선재 업고 튀어 OST - 전곡 듣기 (가사)",
    "涙の女王 OST 「歌詞」 日本語字幕",
    "泪之女王 OST《完整版》中字",
    "nhạc phim Lovely Runner - vietsub | tập 5",
    "Lovely Runner OST - capítulo 3 (sub español)",
    # everyday words, numbers, handles, addresses
    "'love' Lovely Runner ost",
    "'Always' Lovely Runner ost",
    "'너무' 선재 업고 튀어 OST",
    "Lovely Runner OST '2024' (12 345)",
    "https://youtu.be/abc-def @hansol_official Lovely Runner OST",
    "@han_sol - @warm_bread (Lovely Runner OST)",
    # sentences
    "Lovely Runner OST makes me cry every single time I hear it",
    "오늘 선재 업고 튀어 OST 듣다가 울었음",
    "퇴근길 선재 업고 튀어 OST 진짜 미쳤다",
    "Lovely Runner ost is so good, oh my god",
    "The Lovely Runner OST Is Amazing",
    # nothing of an OST beside it
    "Han Sol - Warm Bread",
    "'Warm Bread' is the best bakery in town",
    "Part 3 of my trip to Seoul - Street Food",
    "My guitar journey, song lessons Part 3 - Blues Scales",
    "Goblin 'I was waiting for you here' edit",
    "the drama 'Moon Bakery' OST is out",
    "#fyp #kdramaedit #lovelyrunner #kimhyeyoon",
]


@pytest.mark.parametrize(("text", "keys"), NEW)
def test_a_title_is_found(find: Finder, text: str, keys: set[str]) -> None:
    assert find.keys(text) == keys


@pytest.mark.parametrize("text", NOT_NEW)
def test_what_is_no_new_title_is_left(find: Finder, text: str) -> None:
    assert find.keys(text) == set()


def test_a_run_says_beside_what_it_stood_and_who_sings(find: Finder) -> None:
    [run] = find("Han Sol - Warm Bread (Lovely Runner OST Part 3)")
    assert run.shown == "Warm Bread"
    assert run.beside == ("lovely-runner", "ost", "part 3")
    assert (run.singers, run.stranger, run.work) == ((), "Han Sol", "")
    [run] = find('my OST of the week: "Warm Bread"')
    assert run.beside == ("ost",)
    [run] = find("ECLIPSE - Warm Bread (Lovely Runner OST)")
    assert (run.singers, run.stranger) == (("eclipse",), "")


def test_an_unknown_drama_and_the_other_spelling_are_kept_with_a_run(find: Finder) -> None:
    latin, hangul = find("[MV] Han Sol(한솔) _ Warm Bread(따뜻한 빵) (Moon Bakery(달빛 빵집) OST Part.3)")
    assert (latin.work, latin.stranger, latin.also) == ("Moon Bakery", "Han Sol", "따뜻한 빵")
    assert (hangul.work, hangul.also, hangul.part) == ("Moon Bakery", "Warm Bread", "Part 3")


def test_title_and_text_are_both_read(find: Finder) -> None:
    text = "눈물의 여왕 OST '느린 산책길' 도 좋다"
    assert find.keys(text, title="Han Sol - Warm Bread (Lovely Runner OST)") == {"warmbread", "느린산책길"}


def test_the_hashtags_of_an_uploader_speak_for_a_short_text_only(find: Finder) -> None:
    tags = ("lovelyrunner", "ost")
    assert find.keys('"Warm Bread" on my kalimba', *tags) == {"warmbread"}
    long = "What a day it was at the bakery, so many guests. " * 10
    assert find.keys(f'"Warm Bread" on my kalimba. {long}', *tags) == set()


def test_at_most_a_handful_a_post(find: Finder) -> None:
    titles = " ".join(f'"Warm {name} Bread"' for name in ("Rye", "Corn", "Malt", "Oat", "Nut", "Plum"))
    assert len(find(f"Lovely Runner OST {titles}")) == MOST_RUNS


def test_a_song_that_joins_the_catalogue_is_no_news_any_more(catalogue: Catalogue) -> None:
    text = "Han Sol - Warm Bread (Lovely Runner OST Part 3)"
    mine = Source("mine.toml", '[[song]]\nid = "warm-bread"\ntitle = "Warm Bread"\ndrama = "lovely-runner"\n')
    assert Finder(catalogue).keys(text) == {"warmbread"}
    assert Finder(load_catalogue([mine])).keys(text) == set()


FORMS = (
    "Han Sol - {} (Lovely Runner OST Part 3)",
    '"{}" Lovely Runner OST',
    "[MV] Han Sol _ {} (Lovely Runner OST)",
    "涙の女王 OST「{}」",
    "Lovely Runner OST - {}",
)
TITLES = ("Warm Bread", "Midnight Bakery Train", "따뜻한 빵집", "느린 산책길", "The Baker's Umbrella")
_WORD = st.sampled_from(["Love", "Lantern", "바람", "정류장", "Shower", "Harbour", "노을길", "First", "Snow", "골목"])


@given(st.sampled_from(FORMS), st.sampled_from(TITLES), st.sampled_from([str.lower, str.upper, str.title]))
def test_another_case_gives_the_same_key(find: Finder, form: str, title: str, change: object) -> None:
    text = form.format(title)
    assert squashed(title) in find.keys(text)
    assert find.keys(change(text)) == find.keys(text)  # type: ignore[operator]


@given(st.sampled_from(FORMS), st.sampled_from(TITLES), st.sampled_from([" ", "  ", "\u3000", "\u00a0", "\u200b ", ""]))
def test_another_spacing_gives_the_same_key(find: Finder, form: str, title: str, gap: str) -> None:
    assert find.keys(form.format(gap.join(title.split()))) == {squashed(title)}


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_nothing_of_the_catalogue_is_proposed(find: Finder, data: st.DataObject) -> None:
    catalogue = find.catalogue
    form = data.draw(st.sampled_from(FORMS))
    song = data.draw(st.sampled_from(list(catalogue.songs.values())))
    drama = data.draw(st.sampled_from(list(catalogue.dramas.values())))
    artist = data.draw(st.sampled_from(list(catalogue.artists.values())))
    name = data.draw(st.sampled_from([song.title, song.hangul or song.title, drama.title, artist.name, *song.aliases]))
    names = {squashed(each) for each in (song.title, song.hangul or "", drama.title, artist.name)}
    assert not find.keys(form.format(name)) & names


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=400), st.lists(st.text(max_size=40), max_size=5), st.lists(_WORD, max_size=8))
def test_hostile_text_never_raises(find: Finder, text: str, tags: list[str], words: list[str]) -> None:
    mixed = f"{text} Lovely Runner OST Part 3 {' '.join(words)} {text}"
    for given_text in (text, mixed, f"[({mixed})] - _ '{text}'"):
        for run in find(given_text, *tags, title=given_text[:80]):
            assert run.key == squashed(run.shown)
            assert 2 <= len(run.key) <= 80
            assert run.key not in find.known


JUNK = (
    *(
        '"',
        "'",
        "(",
        "[(",
        " - ",
        "_",
        "《",
        "OST ",
        "Lovely Runner OST - ",
        "A ",
        "part 3 ",
        "'a ",
        "ost 가나 ",
        "\nOST - ",
    ),
    *("Ab Cd by Ef Gh ost ", "IU's A B ost ", "가나 부른 ", "A from Lovely Runner "),
)


@pytest.mark.parametrize("junk", JUNK)
def test_long_junk_costs_little(find: Finder, junk: str) -> None:
    page = find.linker.examine(Post("x", "1", datetime(2026, 1, 1, tzinfo=UTC), text=f"OST song {junk * 4000}")).page
    start = time.perf_counter()
    runs(page)
    assert time.perf_counter() - start < 0.5


def test_a_post_that_speaks_of_no_ost_is_passed_by_at_once(find: Finder) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    plain = find.linker.examine(Post("x", "1", moment, text="just a long walk by the river today " * 100)).page
    start = time.perf_counter()
    for _ in range(1000):
        runs(plain)
    assert time.perf_counter() - start < 0.25


def test_a_crowd_is_counted_without_names() -> None:
    crowd = 0
    for number in range(40):
        crowd |= bit_of(hashlib.blake2b(str(number).encode(), digest_size=8).hexdigest())
    assert 0 < crowd < 2**63
    assert 30 <= people(crowd) <= 52
    assert people(0) == 0
    assert people(bit_of("ab")) == pytest.approx(1, abs=0.01)
    assert round(people(2**BITS - 1)) == MOST_PEOPLE


@given(st.lists(st.integers(0, 2**64 - 1), max_size=200), st.lists(st.integers(0, 2**64 - 1), max_size=200))
def test_or_ing_crowds_never_loses_anybody(one: list[int], other: list[int]) -> None:
    crowds = [0, 0]
    for place, hashes in enumerate((one, other)):
        for each in hashes:
            crowds[place] |= bit_of(f"{each:016x}")
    both = people(crowds[0] | crowds[1])
    assert max(map(people, crowds)) <= both <= MOST_PEOPLE + 1
    assert people(crowds[0] | crowds[0]) == people(crowds[0])


def crowd_of(count: int) -> int:
    return (1 << count) - 1


def days_before(count: int, *, until: date = date(2026, 11, 20)) -> list[str]:
    return [date.fromordinal(until.toordinal() - back).isoformat() for back in range(count)]


def test_a_rise_is_told_against_the_days_before() -> None:
    watched = days_before(37)
    steady = {day: DayCount(2, crowd_of(2)) for day in watched}
    burst = {day: DayCount(9, crowd_of(9)) for day in watched[:7]}
    same, new = (rise(days, watched, until=date(2026, 11, 20), days=7) for days in (steady, burst))
    assert same.ratio == pytest.approx(1.0)
    assert same.sure_log2 < 0
    assert new.usual == 0
    assert new.ratio is not None
    assert new.ratio > 50
    assert (new.posts, new.first_day) == (63, watched[6])
    assert new.people == pytest.approx(people(crowd_of(9)))  # the same nine on each day


def test_few_people_are_held_back() -> None:
    watched = days_before(37)
    until = date(2026, 11, 20)
    one = rise({watched[0]: DayCount(1, crowd_of(1))}, watched, until=until, days=7)
    ten = rise({watched[0]: DayCount(10, crowd_of(10))}, watched, until=until, days=7)
    often = {day: DayCount(1, crowd_of(1)) for day in watched[7:]} | {watched[0]: DayCount(30, crowd_of(30))}
    doubled = {day: DayCount(10, crowd_of(10)) for day in watched[7:]}
    doubled |= {day: DayCount(20, crowd_of(20)) for day in watched[:7]}
    assert one.sure_log2 < 0.2 < ten.sure_log2
    assert 4 < rise(often, watched, until=until, days=7).ratio < 6  # type: ignore[operator]
    assert 0.6 < rise(doubled, watched, until=until, days=7).sure_log2 < 1.0


def test_a_gap_in_collecting_is_no_low_usual_and_no_past_is_said() -> None:
    watched = [*days_before(7), *days_before(60)[50:]]
    counts = {day: DayCount(3, crowd_of(3)) for day in watched}
    found = rise(counts, watched, until=date(2026, 11, 20), days=7)
    assert found.ratio == pytest.approx(1.0)
    first = rise({days_before(1)[0]: DayCount(3, 7)}, days_before(3), until=date(2026, 11, 20), days=7)
    assert (first.usual, first.ratio) == (None, None)


SKETCH = Sketch(
    "Warm Bread", "2026-11-14", other="따뜻한 빵", drama="lovely-runner", artists=("eclipse",), part="Part 3"
)


def loaded(sketch: Sketch, catalogue: Catalogue) -> Catalogue:
    return load_catalogue([Source("mine.toml", entry(sketch, catalogue).text)])


def test_an_entry_loads_as_it_is_where_the_drama_is_known(catalogue: Catalogue) -> None:
    song = loaded(SKETCH, catalogue).songs["warm-bread"]
    assert (song.title, song.hangul, song.drama, song.artists) == (
        "Warm Bread",
        "따뜻한 빵",
        "lovely-runner",
        ("eclipse",),
    )
    assert (song.part, song.released, song.verified) == ("Part 3", "2026-11-14", "user")
    assert "a guess" in entry(SKETCH, catalogue).text


def test_an_unknown_drama_and_singer_get_tables_of_their_own(catalogue: Catalogue) -> None:
    grown = loaded(replace(SKETCH, drama="", work="Moon Bakery", artists=(), stranger="한솔"), catalogue)
    song = grown.songs["warm-bread"]
    assert grown.dramas[song.drama].title == "Moon Bakery"
    assert [grown.artists[artist].name for artist in song.artists] == ["한솔"]


def test_an_entry_without_any_drama_is_a_comment_until_it_has_one(catalogue: Catalogue) -> None:
    made = entry(replace(SKETCH, drama=""), catalogue)
    assert not made.complete
    assert load_catalogue([Source("mine.toml", made.text)]).songs.keys() == catalogue.songs.keys()
    bare = "\n".join(line.removeprefix("# ") for line in made.text.splitlines()[1:])
    filled = bare.replace('drama = ""', 'drama = "lovely-runner"')
    assert "warm-bread" in load_catalogue([Source("mine.toml", filled)]).songs


_NAMES = st.text(max_size=40) | st.lists(_WORD, max_size=4).map(" ".join)


@given(_NAMES, _NAMES, _NAMES)
def test_whatever_a_title_holds_its_entry_can_be_read(find: Finder, title: str, other: str, name: str) -> None:
    if not (title.strip() and title.isprintable()):
        return
    sketch = Sketch(title, "2026-11-14", other=other, drama="lovely-runner", stranger=name)
    grown = loaded(sketch, find.catalogue)
    assert len(grown.songs) == len(find.catalogue.songs) + 1


def test_ids_are_readable_and_free(catalogue: Catalogue) -> None:
    assert slug("The Baker's Umbrella!") == "the-bakers-umbrella"
    assert slug("따뜻한 빵") == "ttatteuthan-ppang"
    assert slug("温暖") == ""
    assert entry(replace(SKETCH, title="Sudden Shower", other=""), catalogue).song == "sudden-shower-2"
