"""Things to choose from are called what the reader calls them."""

import pytest
from django.utils.translation import override

from conference.models import Room
from conference.name_choice import NameChoice
from tests.factories import make_conference, make_room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name"), [("en", "Great Hall"), ("zh-hans", "大会堂")])
def test_a_choice_is_named_in_the_readers_language(language, name):
    room = make_room(make_conference(), "Great Hall", name_zh="大会堂")

    with override(language):
        choices = list(NameChoice(Room.objects.all(), empty_label=None).choices)

    assert [(value.value, label) for value, label in choices] == [(room.pk, name)]


def test_a_thing_without_a_name_in_that_language_keeps_its_other():
    make_room(make_conference(), "Great Hall", name_zh="")

    with override("zh-hans"):
        choices = list(NameChoice(Room.objects.all(), empty_label=None).choices)

    assert [label for _value, label in choices] == ["Great Hall"]
