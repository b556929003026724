"""Alerts through the real web server, beat, worker and mail server."""

import json
import time
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


@pytest.mark.slow
def test_protocol_has_one_letter_moments_after_a_vip_came_in(plenary):
    conference = make_doors(make_conference())
    protocol = make_member(conference, "protocol")
    phone = enrolled_phone(conference)
    vip = make_person(make_delegation(conference), given_name="Vera", vip=True)

    started = time.monotonic()
    scan = json.dumps({"scan": phone.record(lookup_of(vip)), "want_card": False})
    request = urllib.request.Request(  # our own server
        f"{plenary.url}/api/v1/checkin/scan/",
        data=scan.encode(),
        headers=phone.headers(**{"Content-Type": "application/json"}),
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["verdict"]["code"] == "admit"
    (letter,) = plenary.mail.wait_for(protocol.email)
    assert time.monotonic() - started < 15
    assert letter["Subject"].strip().startswith("VIP has arrived: Vera Zhang")
    time.sleep(5)  # two more looks of beat

    assert plenary.mail.recipients == [protocol.email]
    assert [alert.kind for alert in Alert.objects.all()] == ["vip_arrival"]
    assert Alert.objects.get().mailed_at <= timezone.now()
    assert [message.state for message in Message.objects.all()] == ["sent"]
