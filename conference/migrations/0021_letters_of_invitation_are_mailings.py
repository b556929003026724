"""Letters of invitation and reminders live as all mailings do: ticked by hand, made and sent."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce

_PURPOSES = ("invitation", "invitation_reminder")


def have_an_audience(apps, _editor):
    """Name the audience of the letters of before; all letters of those that were sent are made."""
    letters = apps.get_model("conference", "Campaign").objects.filter(
        audience="", purpose__in=_PURPOSES
    )
    letters.exclude(state="draft").update(expanded_at=Coalesce(F("sent_at"), F("created_at")))
    letters.update(audience=F("purpose"), narrowed={"chosen": []})


def have_none(apps, _editor):
    """Let them have none again."""
    letters = apps.get_model("conference", "Campaign").objects.filter(audience__in=_PURPOSES)
    letters.update(audience="", narrowed={}, expanded_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0020_letters_ask_for_an_answer_by"),
    ]

    operations = [migrations.RunPython(have_an_audience, have_none)]
