"""The sender's name is held in both languages, and each recipient sees theirs."""

from email.utils import parseaddr
from importlib import import_module

import pytest
from django.apps import apps

from conference.models import Conference, Message
from conference.operations.mailing.composing import compose

pytestmark = pytest.mark.django_db
BOTH = ("Secretariat", "大会秘书处")


def sender_of(conference, language):
    letter = Message(
        conference=conference, language=language, to_email="fay@state.example", subject="News"
    )
    return parseaddr(compose(letter).from_email)[0]


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        (BOTH, *BOTH),
        (("Secretariat", ""), "Secretariat", "Secretariat"),
        (("", "大会秘书处"), "大会秘书处", "大会秘书处"),
        (
            ("", ""),
            "5th China-U.S. Sister Cities Conference",
            "第五届中美友好城市大会",
        ),
    ],
)
def test_each_recipient_sees_the_name_in_their_language(conference, names, english, chinese):
    conference.sender_name_en, conference.sender_name_zh = names
    assert sender_of(conference, "en") == english
    assert sender_of(conference, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("kept", "names"),
    [("Secretariat", ("Secretariat", "")), ("大会秘书处", ("", "大会秘书处")), ("", ("", ""))],
)
def test_the_one_name_of_before_stays_the_name(conference, kept, names):
    Conference.objects.update(sender_name_en=kept)
    migration = import_module("conference.migrations.0015_senders_keep_their_names")
    for _again in range(2):
        migration.move_chinese(apps, None)
    conference.refresh_from_db()
    assert (conference.sender_name_en, conference.sender_name_zh) == names
    migration.move_back(apps, None)
    conference.refresh_from_db()
    assert conference.sender_name_en == kept
