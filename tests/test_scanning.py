"""Both scanners find the same names, and the lexicon gives each its meanings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue import Catalogue, Source, read_catalogue
from models.linking.lexicon import Kind, Lexicon, is_weak_name
from models.scanning import AutomatonScanner, DictScanner, Scanner, make_scanner
from models.text import squashed

PATTERNS = ["staywithme", "stay", "me", "소나기", "나기", "v", "鬼怪", "สัญญา"]


@pytest.fixture(scope="module")
def lexicon(catalogue: Catalogue) -> Lexicon:
    return Lexicon(catalogue)


@pytest.mark.parametrize("scanner", [AutomatonScanner, DictScanner])
def test_every_occurrence_also_where_they_overlap(scanner: type[AutomatonScanner | DictScanner]) -> None:
    found = scanner(PATTERNS).find("vstaywithme소나기")
    assert sorted((PATTERNS[number], start, end) for number, start, end in found) == [
        ("me", 9, 11),
        ("stay", 1, 5),
        ("staywithme", 1, 11),
        ("v", 0, 1),
        ("나기", 12, 14),
        ("소나기", 11, 14),
    ]


@given(
    st.lists(st.text("ab가나", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.text("ab가나c", max_size=40),
)
@settings(max_examples=200, deadline=None)
def test_the_two_scanners_agree(patterns: list[str], text: str) -> None:
    assert sorted(AutomatonScanner(patterns).find(text)) == sorted(DictScanner(patterns).find(text))


def test_they_agree_on_the_whole_lexicon(lexicon: Lexicon) -> None:
    text = squashed("도깨비 OST Stay With Me 찬열이랑 펀치 #goblinostcover V 'Sweet Night' 愛の不時着 ก็อบลิน")
    fast, plain = make_scanner(lexicon.patterns), DictScanner(lexicon.patterns)
    assert sorted(fast.find(text)) == sorted(plain.find(text))


def test_an_empty_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        DictScanner(["a", ""])


def meanings(lexicon: Lexicon, spelling: str) -> set[tuple[Kind, str]]:
    scanner: Scanner = lexicon.scanner
    bare = squashed(spelling)
    hits = [hit for hit in scanner.find(bare) if hit[1:] == (0, len(bare))]
    return {(name.kind, name.id) for number, _, _ in hits for name in lexicon.meanings[number]}


def test_names_are_kept_by_entity_so_that_twins_share_one_spelling(lexicon: Lexicon) -> None:
    titles = {found for kind, found in meanings(lexicon, "Someday") if kind is Kind.TITLE}
    assert titles == {"someday-iu", "someday-kim-jae-hwan", "someday-park-eun-bin"}
    assert (Kind.DRAMA, "pinocchio") in meanings(lexicon, "피노키오")
    assert (Kind.TITLE, "pinocchio-roy-kim") in meanings(lexicon, "피노키오")


@pytest.mark.parametrize(
    ("song", "bare", "helper"),
    [
        ("start-over", "START", "Start (Gaho)"),
        ("always-yoonmirae", "Always", "Always DOTS"),
        ("sudden-shower", "Sudden Shower", "Byeon Woo-seok Sudden Shower"),
        ("once-again-winter-ningning", "Once Again", "Once Again Our Blues"),
        ("with-you-jimin", "위드 유", "위드 유 지민 하성운"),
        ("christmas-tree", "ChristmasTree", "ChristmasTree V"),
    ],
)
def test_helper_forms_lose_the_singer_or_the_drama(lexicon: Lexicon, song: str, bare: str, helper: str) -> None:
    titles = lexicon.titles(lexicon.catalogue.songs[song])
    assert bare in titles
    assert helper not in titles


def test_a_helper_form_stays_whole_where_the_rest_would_be_nothing(lexicon: Lexicon) -> None:
    assert "ER izi" in lexicon.titles(lexicon.catalogue.songs["emergency-room"])
    assert "Squid Game Theme" in lexicon.titles(lexicon.catalogue.songs["way-back-then"])


@pytest.mark.parametrize("name", ["V", "Jin", "Why", "Ben", "Joy", "Crush", "Punch", "거미", "린", "10CM", "d.ear"])
def test_everyday_words_are_weak_names_of_artists(name: str) -> None:
    assert is_weak_name(name, "artists")


@pytest.mark.parametrize("name", ["IU", "BTS", "찬열", "Paul Kim", "Ailee", "Byeon Woo-seok", "方大同先生"])
def test_telling_names_of_artists_are_not(name: str) -> None:
    assert not is_weak_name(name, "artists")


@pytest.mark.parametrize("name", ["Signal", "Healer", "Goblin", "Start-Up", "Secret Garden", "AOS", "궁", "태후"])
def test_everyday_words_are_weak_names_of_dramas(name: str) -> None:
    assert is_weak_name(name, "dramas")


def test_rivals_come_from_the_catalogue_and_from_the_list(lexicon: Lexicon) -> None:
    assert {"samsmith", "샘스미스", "松原みき"} <= lexicon.rivals["stay-with-me"]
    assert "chanyeol" not in lexicon.rivals["stay-with-me"]
    assert "moonlovers" not in lexicon.rivals["my-love-lee-hi"]


def test_a_catalogue_of_ones_own_works_without_any_list() -> None:
    text = """
    [[drama]]
    id = "harbour-lights"
    title = "Harbour Lights of Busan"
    [[artist]]
    id = "oh-min-a"
    name = "Oh Min-a"
    [[song]]
    id = "tide"
    title = "Where the Tide Waits"
    drama = "harbour-lights"
    artists = ["oh-min-a"]
    """
    own = Lexicon(read_catalogue([Source("own.toml", text)]))
    assert (Kind.TITLE, "tide") in meanings(own, "where the tide waits")
