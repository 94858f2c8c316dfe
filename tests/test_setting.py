"""Titles that stand like names are linked when their drama or singer is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.linking.setting import is_capitalised
from models.linking.surprise import is_distinctive
from models.post import Post


@pytest.fixture(scope="module")
def linker(catalogue: Catalogue) -> Linker:
    return Linker(catalogue)


def post(text: str, *tags: str, title: str | None = None) -> Post:
    return Post("tiktok", "1", datetime(2025, 9, 1, tzinfo=UTC), title=title, text=text, hashtags=tags)


def sure(linker: Linker, given: Post) -> set[str]:
    return {link.song for link in linker.link(given).sure}


AS_NAMES = [
    ("cried on the bus because Sweet Night came on and I was back in Itaewon Class", "sweet-night"),
    ("rewatched Descendants of the Sun, then played You Are My Everything all night", "you-are-my-everything"),
    ("that airport clip with Sudden Shower over it, Lovely Runner you will pay for this", "sudden-shower"),
    ("the way Stay With Me fades in on the bridge, Goblin was never just a drama", "stay-with-me"),
    ("Squid Game recap, and yes I jumped when Pink Soldiers started", "pink-soldiers"),
    ("terminei Itaewon Class e agora só escuto Sweet Night olhando pela janela", "sweet-night"),
    ("anoche vi Lovely Runner otra vez y Sudden Shower me dejó llorando", "sudden-shower"),
    ("habis tamat Hotel del Luna, Can You See My Heart muter terus di kepala", "can-you-see-my-heart"),
    ("xem lại Lovely Runner, tới đoạn Sudden Shower là khóc", "sudden-shower"),
    ("j'ai fini Goblin et depuis Stay With Me ne me quitte plus", "stay-with-me"),
    ("kakapanood ko lang ng Itaewon Class, naiyak ako nung pumasok ang Sweet Night", "sweet-night"),
    ("ดู Itaewon Class จบแล้ว นอนเปิด Sweet Night มองเพดาน", "sweet-night"),
    ("Lovely Runner ตอนจบ พอ Sudden Shower ขึ้นมาน้ำตาไหล", "sudden-shower"),
    ("ดู Goblin รอบที่สาม พอ Stay With Me มาทีไรขนลุกทุกที", "stay-with-me"),
    ("梨泰院クラスを見終わって、ずっとSweet Nightが頭から離れない", "sweet-night"),
    ("ソンジェ背負って走れロス、今日もSudden Shower流して寝る", "sudden-shower"),
    ("看完德鲁纳酒店，满脑子都是Can You See My Heart停不下来", "can-you-see-my-heart"),
    ("이태원 클라쓰 정주행 끝내고 Sweet Night만 무한반복 중", "sweet-night"),
    ("도깨비 우산 장면에 Stay With Me가 깔리는 순간 소름", "stay-with-me"),
    ("슬기로운 의사생활 다시 보는데 아로하 나오자마자 눈물", "aloha"),
    ("호텔 델루나 보고 그대라는 시에 빠져서 못 나옴", "all-about-you"),
    ("눈물의 여왕 마지막회 고장난걸까 때문에 더 슬펐다", "tell-me-its-not-a-dream"),
    ("finished Lovely Runner at four, 소나기 is all I can hear", "sudden-shower"),
    ("vi o final de Lovely Runner e 소나기 não sai da cabeça", "sudden-shower"),
    ("خلصت Itaewon Class والحين أعيد Sweet Night للمرة العاشرة", "sweet-night"),
    ("Lovely Runner देखने के बाद Sudden Shower दिमाग से नहीं जाता", "sudden-shower"),
    ("Пересмотрела Itaewon Class, и Sweet Night опять в голове", "sweet-night"),
    ("#RomanticSundayChallenge with grandma, Hometown Cha-Cha-Cha fans rise", "romantic-sunday"),
    ("#RomanticSunday챌린지 갯마을 차차차 동네 버전", "romantic-sunday"),
    ("#StayWithMe #Goblin", "stay-with-me"),
]


@pytest.mark.parametrize(("text", "song"), AS_NAMES)
def test_a_title_set_like_a_name_is_sure_when_its_drama_is_named(linker: Linker, text: str, song: str) -> None:
    assert sure(linker, post(text)) == {song}


@pytest.mark.parametrize(
    ("title", "text", "tags", "song"),
    [
        ("Stay With Me piano", "from my favourite show", ("goblin", "kdrama"), "stay-with-me"),
        ("Lovely Runner edit | kiss scene", "audio: Sudden Shower", (), "sudden-shower"),
        ("이태원 클라쓰 명장면 모음", "브금은 Sweet Night 입니다", (), "sweet-night"),
        ("playing Sweet Night in the subway", "", ("ItaewonClass",), "sweet-night"),
        (
            "Romantic Sunday, but everyone is seventy",
            "the whole village joined",
            ("HometownChaChaCha",),
            "romantic-sunday",
        ),
    ],
)
def test_title_and_drama_may_stand_in_different_fields(
    linker: Linker, title: str, text: str, tags: tuple[str, ...], song: str
) -> None:
    assert sure(linker, post(text, *tags, title=title)) == {song}


@pytest.mark.parametrize(
    ("text", "song"),
    [
        ("the goosebumps when Taehyung's voice comes in, Sweet Night is not fair", "sweet-night"),
        ("กำลังฟัง Sweet Night ของ แทฮยอง วนไป", "sweet-night"),
        ("قشعريرة من Sweet Night وش تسوي يا تايهيونغ", "sweet-night"),
        ("성시경 목소리로 너의 모든 순간 듣다가 정류장 지나침", "every-moment-of-you"),
        ("Christmas Tree by V, recorded on a toy piano", "christmas-tree"),
    ],
)
def test_a_title_set_like_a_name_is_sure_when_its_singer_is_named(linker: Linker, text: str, song: str) -> None:
    assert sure(linker, post(text)) == {song}


@pytest.mark.parametrize(
    "text",
    [
        "#foryou #moonlovers",
        "Moon Lovers made me laugh today #foryou #fyp",
        "the green goblin says Stay With Me in a silly voice",
        "Jin and a Super Tuna dance on a sunday",
        "Joy: the Christmas Tree is finally up",
        "V neck sweater, sweet night in",
    ],
)
def test_tags_for_any_post_and_common_names_prove_nothing(linker: Linker, text: str) -> None:
    assert sure(linker, post(text)) == set()


def test_a_particle_begins_no_word(linker: Linker) -> None:
    """ "라디오" is no "디오" (D.O.) behind a particle."""
    assert sure(linker, post("에일리가 라디오에서 첫눈처럼 너에게 가겠다 불렀다")) == {
        "i-will-go-to-you-like-the-first-snow"
    }
    assert sure(linker, post("응답하라1988에서이적이부른걱정말아요그대 듣는 중")) == {"dont-worry-lee-juck"}


def test_an_underscore_inside_a_hashtag_parts_no_singer_from_a_title(linker: Linker) -> None:
    assert sure(linker, post("vi Itaewon Class ao som de Sweet Night #doramas_brasil")) == {"sweet-night"}


def test_evidence_says_what_sets_a_title_apart(linker: Linker) -> None:
    (link,) = linker.link(post("ดู Itaewon Class จบแล้ว นอนเปิด Sweet Night มองเพดาน")).sure
    assert {"title in another script", "stands as a name"} <= {piece.name for piece in link.evidence}


@pytest.mark.parametrize("words", ["아로하", "고장난걸까", "로맨틱 선데이", "그대라는 시", "스테이 위드 미"])
def test_distinctive_korean(words: str) -> None:
    assert is_distinctive(words)


@pytest.mark.parametrize(
    "words", ["소나기", "안녕", "보고 싶다", "내 사랑", "처음부터 지금까지", "크리스마스 트리", "Sunday", "밤"]
)
def test_everyday_korean(words: str) -> None:
    assert not is_distinctive(words)


@pytest.mark.parametrize(
    ("words", "apart"),
    [
        ("Sweet Night", True),
        ("Stay with Me", True),
        ("It's You", True),
        ("sweet Night", False),
        ("With you", False),
        ("눈", False),
    ],
)
def test_capitals_of_a_heading(words: str, apart: bool) -> None:
    assert is_capitalised(words) is apart
