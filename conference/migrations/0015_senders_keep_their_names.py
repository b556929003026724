"""A sender's name that was written in Chinese is the Chinese one from now on."""

import re

from django.db import migrations
from django.db.models import F

_HAN = re.compile(r"[\u3400-\u9fff]")


def move_chinese(apps, _editor):
    """Keep each name where its own script says it belongs."""
    for conference in apps.get_model("conference", "Conference").objects.exclude(sender_name_en=""):
        if _HAN.search(conference.sender_name_en):
            conference.sender_name_zh = conference.sender_name_en
            conference.sender_name_en = ""
            conference.save(update_fields=["sender_name_en", "sender_name_zh"])


def move_back(apps, _editor):
    """Keep the Chinese name where there is no other."""
    conferences = apps.get_model("conference", "Conference").objects
    conferences.filter(sender_name_en="").update(sender_name_en=F("sender_name_zh"))


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0014_senders_are_named_in_both_languages"),
    ]

    operations = [migrations.RunPython(move_chinese, move_back)]
