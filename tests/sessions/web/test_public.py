import pytest

from conference.models import Venue
from sessions.models import Appearance, Speaker
from sessions.operations.scheduling import cancel_session
from tests.sessions import cast

PUBLIC = "/conferences/suzhou/programme/"


def opening(conference, hour=9, **fields):
    return cast.make_session(
        conference,
        cast.venue_time(hour),
        **{"title_en": "Opening", "title_zh": "开幕式", "takes_enrolments": False, **fields},
    )


def test_everybody_sees_what_is_published_for_everybody(client, conference, room):
    opening(conference, room=room)
    opening(conference, 10, title_en="Draft", published_at=None)
    opening(conference, 11, title_en="For delegates", visibility="delegates")
    opening(conference, 12, title_en="For staff", visibility="staff")
    page = client.get(PUBLIC).content.decode()
    assert "Opening" in page
    assert "开幕式" in page
    assert "Lotus Room" in page
    assert "China time" in page
    for hidden in ("Draft", "For delegates", "For staff"):
        assert hidden not in page


def test_what_is_made_up_or_not_certain_says_so(client, conference, room):
    session = opening(conference, room=room, invented=True, source="Xinhua")
    speaker = Speaker.objects.create(conference=conference, name_en="R. Parks", uncertain=True)
    Appearance.objects.create(session=session, speaker=speaker, part="panellist")
    Venue.objects.update(uncertain=True, source="No building was named.")
    page = client.get(PUBLIC).content.decode()
    for words in (
        "Made up for the demo",
        "Source: Xinhua",
        "R. Parks",
        "Panellist",
        "Not certain",
        "The building is not certain",
        "No building was named.",
    ):
        assert words in page


def test_a_cancelled_session_is_struck_out_with_its_reason(client, conference):
    session = opening(conference)
    cancel_session(session_id=session.pk, reason_en="Typhoon", actor=None, now=cast.NOW)
    page = client.get(PUBLIC).content.decode()
    assert "agenda__item--cancelled" in page
    assert "Typhoon" in page


def test_an_empty_programme_says_what_the_page_is_for(client, conference):
    assert "The programme is not published yet." in client.get(PUBLIC).content.decode()


def test_the_programme_of_an_unpublished_conference_does_not_exist(client, conference):
    conference.published = False
    conference.save()
    assert client.get(PUBLIC).status_code == 404


def test_chinese_readers_read_chinese_first(client, conference, room):
    opening(conference, room=room)
    page = client.get(PUBLIC, headers={"accept-language": "zh-hans"}).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "荷花厅" in page
    assert "2026年11月3日 星期二" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_programme_costs_the_same_however_long_it_is(
    client, conference, room, django_assert_num_queries, count
):
    for hour in range(count):
        session = opening(conference, 9 + 2 * hour, room=room)
        speaker = Speaker.objects.create(conference=conference, name_en=f"Speaker {hour}")
        Appearance.objects.create(session=session, speaker=speaker)
    with django_assert_num_queries(5):
        client.get(PUBLIC)
