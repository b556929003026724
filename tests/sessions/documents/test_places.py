import pytest
from django.utils import translation

from sessions.documents.places import place_in, place_in_both
from sessions.templatetags.programme import spoken
from tests.sessions import cast


def test_a_place_is_room_floor_building_and_how_to_find_it(conference, room):
    session = cast.make_session(conference, room=room, place_en="left of the stairs")
    assert place_in(session, "en") == "Lotus Room, floor 2, Conference Centre, left of the stairs"
    assert place_in(session, "zh-hans").startswith("荷花厅，2 层，会议中心，")


def test_what_is_not_known_is_left_out(conference, room):
    room.floor = ""
    assert place_in(cast.make_session(conference, room=room), "en") == (
        "Lotus Room, Conference Centre"
    )
    assert place_in(cast.make_session(conference), "en") == ""
    assert place_in_both(cast.make_session(conference)) == ""


def test_one_language_alone_is_not_said_twice(conference):
    session = cast.make_session(conference, place_zh="湖边")
    assert place_in_both(session) == "湖边"


@pytest.mark.parametrize(
    ("language", "languages", "words"),
    [
        ("en", "en, zh", "English, Chinese"),
        ("zh-hans", "en,zh", "英语、中文"),
        ("en", "ZH, Nahuatl", "Chinese, Nahuatl"),
        ("en", "", ""),
    ],
)
def test_languages_are_written_out(language, languages, words):
    with translation.override(language):
        assert spoken(languages) == words
