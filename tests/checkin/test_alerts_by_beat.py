"""Alerts through the real web server, beat, worker and mail server."""

import json
import urllib.request

import pytest
from django.utils import timezone

from checkin.models import Alert
from conference.models import Message
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)


def let_in(plenary, phone, person):
    scan = json.dumps({"scan": phone.record(lookup_of(person)), "want_card": False})
    request = urllib.request.Request(  # our own server
        f"{plenary.url}/api/v1/checkin/scan/",
        data=scan.encode(),
        headers=phone.headers(**{"Content-Type": "application/json"}),
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["verdict"]["code"] == "admit"


@pytest.mark.slow
def test_protocol_has_one_letter_for_each_vip_moments_after_they_came_in(plenary):
    conference = make_doors(make_conference())
    protocol = make_member(conference, "protocol")
    phone = enrolled_phone(conference)
    delegation = make_delegation(conference)
    names = ("Vera", "Wanda", "Xenia")
    for number, name in enumerate(names, 1):
        # Whatever the look for the next one finds, it does not write of the earlier ones again.
        let_in(plenary, phone, make_person(delegation, given_name=name, vip=True))
        plenary.mail.wait_for(protocol.email, count=number)

    letters = plenary.mail.to(protocol.email)
    assert [letter["Subject"].strip().partition(":")[0] for letter in letters] == [
        "VIP has arrived"
    ] * len(names)
    for letter, name in zip(letters, names, strict=True):
        assert f"{name} Zhang" in letter["Subject"]
    assert plenary.mail.recipients == [protocol.email] * len(names)
    assert [alert.kind for alert in Alert.objects.all()] == ["vip_arrival"] * len(names)
    assert not Alert.objects.exclude(mailed_at__lte=timezone.now()).exists()
    assert {message.state for message in Message.objects.all()} <= {"claimed", "sent"}
