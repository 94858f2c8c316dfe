"""Everyday uses of title words beside the name of a drama, in many languages: none of them is the song."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.post import Post


@pytest.fixture(scope="module")
def linker(catalogue: Catalogue) -> Linker:
    return Linker(catalogue)


def post(text: str, title: str | None = None) -> Post:
    return Post("tiktok", "1", datetime(2025, 9, 1, tzinfo=UTC), title=title, text=text)


def sure(linker: Linker, given: Post) -> set[str]:
    return {link.song for link in linker.link(given).sure}


EVERYDAY = """
Goblin is such a beautiful drama, every episode made me cry
Rewatching Goblin and I miss you so much grandma
Descendants of the Sun will always be my comfort drama
I rewatch Descendants of the Sun everytime I feel sad
Finished Itaewon Class, time to start over from episode 1
boys over flowers cast please stand by me in hard times lol
Lovely Runner fan meeting in Bangkok? I'll be there!!
Lovely Runner ep 8: caught in a sudden shower again, of course he had an umbrella
Hotel del Luna finale... so long my love
Moon Lovers season 2? say yes Netflix
My Love from the Star made me believe in destiny
just started True Beauty, someone call me maybe we can watch together
Crash Landing on You is like a dream honestly
someday I will visit the Crash Landing on You bridge in Switzerland
Our Blues broke me, once again Lee Byung-hun proves he is the best
with you or without you, I am finishing Our Blues tonight
Mr. Sunshine ending: see you again in a free Korea
it was a good day, watched 4 episodes of Mr. Sunshine
Nevertheless is toxic, love me like that? no thanks
Castaway Diva: someday she will be on stage
hometown cha cha cha ep 3 is my wish fulfilment show
squid game season 2 kids going round and round the carousel
the heirs is a moment in kdrama history
legend of the blue sea is such a love story
another miss oh asks what is love really
dr romantic forever my love
Secretary Kim: it's you that I love, he says
Start-Up: no future without halmeoni, one day I will visit
Healer is my all time favourite, eternal love for that drama
When the Phone Rings: he finally said say my name please omg the tension
Way back then, before Squid Game, nobody here watched Korean shows
Itaewon Class taught me that you can start over at any age
we had a sweet night in, takeaway and three episodes of Itaewon Class
Our Beloved Summer made me put up a christmas tree in october
True Beauty ep 12. Call me, maybe? said nobody to that villain
Hometown Cha-Cha-Cha on a lazy romantic sunday afternoon with grandma
My Business Proposal: love, maybe money, certainly cake
Crash Landing on You broke me and I give you my heart, writers
Good day! Today we rank Mr. Sunshine outfits
Always crying at Descendants of the Sun, always
Beautiful people in a beautiful place: Goblin filming spots in Quebec
Goodbye Hotel del Luna, you were the best show of the summer
Sorry not sorry, I'm sorry I slept on The Heirs until now
My love for Dr. Romantic has no limits
Wish me luck, starting Goblin tonight with my mum
Stay with me till the end of this Goblin theory thread
If you liked Healer you will like Vincenzo
Once again I am at episode one of Our Blues and once again in tears
See you again next week with a new Mr. Sunshine recap
Lovely Runner had sudden showers in every second episode
What is love if not Oh Hae-young eating alone? Another Miss Oh forever
I'm with you on this: Descendants of the Sun has the best second leads
Stand by me, friends, Boys Over Flowers reboot rumours are back
Can you see my heart breaking? Hotel del Luna finale tonight
All about you and Hotel del Luna fans: meetup on Saturday in Leeds
Happy ending please, dear writers of Moon Lovers
이태원 클라쓰 오늘부터 정주행 시작합니다
선업튀 보는데 밖에 소나기 오네 분위기 뭐야
호텔 델루나 보고 너무 울었다 이제 안녕
태양의 후예 다시 보고 싶다
응답하라 1988은 청춘 그 자체
슬기로운 의사생활 시즌3 소원입니다
갯마을 차차차 촬영지 바람이 너무 세다
도깨비 촬영지 강릉 바다 아름다워
그해 우리는 보는데 크리스마스 트리 켜니까 딱이네
사랑의 불시착 보면서 눈물이 났다 너를 만나
이태원 클라쓰 보고 나도 다시 시작 해보려고
선재 업고 튀어 재방 보다가 소나기 와서 빨래 걷음
별에서 온 그대 너의 모든 걸 다 아는 척하는 친구
도깨비 마지막회까지 다 봤다 안녕 내 청춘
내일 눈 오면 도깨비 보면서 첫눈 맞이 예정
호텔 델루나 같은 꿈 꾸고 싶다 운명인가
우리들의 블루스 보다가 엄마 보고 싶다고 전화함
김비서 재밌다 오늘은 좋은 날 내일도 좋은 날
스타트업 보고 창업 결심 내 미래 어떡하지
더 글로리 보다가 잠 못드는 밤 도깨비로 힐링
태양의 후예 촬영지 선물 가게 다녀옴
갯마을 차차차처럼 살고 싶은 게 내 소원
愛の不時着を見た夜、夢のような一日でした
トッケビを見ながら雪、きれいな夜にさようなら
梨泰院クラスを見て明日から新しいスタートを切る
星から来たあなた、また会いたい運命の人
鬼怪看完了，再见，我的青春
今天下小雨，适合重看德鲁纳酒店
ดู Hotel del Luna จบแล้ว คิดถึงมาก goodbye นะทุกคน
ดู Goblin รอบที่ห้า beautiful มากจริง ๆ
กลับมาดู Itaewon Class อีกรอบ พรุ่งนี้ start งานใหม่แล้ว
รัก Crash Landing on You ที่สุด someday จะไปสวิส
สวัสดี 안녕 ทุกคน วันนี้รีวิว Hotel del Luna
annyeong 안녕 everyone, my Hotel del Luna review is up
viendo Goblin otra vez, qué beautiful es todo, de verdad
terminé Hotel del Luna y digo goodbye con el corazón roto
always llorando con Descendants of the Sun, always
vi Itaewon Class e decidi: start de uma vida nova amanhã
My love Crash Landing on You, saudade eterna desse casal
nonton Descendants of the Sun lagi, always bikin baper
habis nonton Goblin, someday mau ke Korea with you
xem Hotel del Luna xong, goodbye tuổi trẻ
Lovely Runner ist vorbei, see you again im nächsten Sommer
Mr. Sunshine terminé, good day à tous quand même
досмотрела Hotel del Luna, всем goodbye и спокойной ночи
خلصت Hotel del Luna و goodbye يا أحلى مسلسل
Goblin देखा फिर से, so beautiful यार, always रुलाता है
#hoteldelluna is over #goodbye #sad
#goblin #beautiful #winter outfit of the day
#dots rewatch #always #love
""".strip().split("\n")


@pytest.mark.parametrize("text", EVERYDAY)
def test_title_words_in_a_sentence_beside_a_drama_are_no_song(linker: Linker, text: str) -> None:
    assert sure(linker, post(text)) == set()
    assert sure(linker, post("more below", title=text)) == set()


RIVALS = [
    "listening to Stay With Me by Sam Smith while watching Goblin",
    "Goblin edit but the song is Stay With Me by Sam Smith",
    "Taylor Swift Love Story edit but it's Legend of the Blue Sea",
    "Britney's Everytime over a Descendants of the Sun edit",
    "True Beauty edit to Call Me Maybe by Carly Rae Jepsen",
    "BTS Butterfly x Nevertheless edit",
    "Oasis - Stand By Me, Boys Over Flowers AMV",
    "Mr. Sunshine edit with IU's Good Day",
    "Hotel del Luna edit // Lean on Me - Bill Withers",
    "Lovely Runner edit to I'll Be There by Jackson 5",
    "Our Blues edit, song: With You by Chris Brown",
    "Itaewon Class edit with Imagine Dragons 'Start Over'",
    "Another Miss Oh fancam to What Is Love by TWICE",
    "도깨비 영상에 샘 스미스 Stay With Me 깔아봤어요",
    "도깨비 보면서 트와이스 What is Love 들음",
    "ดู Goblin แต่เปิด Beautiful ของ Christina Aguilera",
    "escenas de Goblin con Stay With Me de Sam Smith",
    "adegan Goblin pakai lagu Stay With Me dari Sam Smith",
]


@pytest.mark.parametrize("text", RIVALS)
def test_somebody_elses_song_over_scenes_of_a_drama_is_not_ours(linker: Linker, text: str) -> None:
    assert sure(linker, post(text)) == set()


def test_a_rival_who_is_said_not_to_be_meant_is_none(linker: Linker) -> None:
    assert sure(linker, post("Stay With Me (not Sam Smith), the one from Goblin, on cello")) == {"stay-with-me"}
    assert sure(linker, post("Goblin OST Stay With Me beats the Sam Smith one")) == {"stay-with-me"}
