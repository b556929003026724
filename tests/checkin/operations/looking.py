"""What the tests of the look at the doors do: look, look again, and read what stands."""

from datetime import timedelta

from checkin.models import Alert
from checkin.operations import watching

MINUTE = timedelta(minutes=1)


def watch(conference, now):
    watching.watch(conference=conference, now=now)
    before = list(Alert.objects.order_by("pk").values())
    watching.watch(conference=conference, now=now)
    assert list(Alert.objects.order_by("pk").values()) == before
    return before


def kinds(conference, now):
    return [alert["kind"] for alert in watch(conference, now)]


def open_alerts(kind):
    return Alert.objects.filter(kind=kind, ended_at=None)


def told(phone, lookup=None, **members):
    return phone.record(lookup, **({"offline": True, "shown": "admit"} | members))
