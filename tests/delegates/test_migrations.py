"""What migrations do to rows that are there already."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from conference.models import Message
from delegates.models import Invitation
from tests.delegates.conftest import NOW

pytestmark = pytest.mark.django_db


def test_invitations_of_before_get_their_steps(conference, california):
    invitation = Invitation.objects.create(
        conference=conference,
        delegation=california,
        state="accepted",
        sent_at=NOW,
        opened_at=NOW,
        answered_at=NOW,
        answered_by="fay@state.example",
    )
    migration = import_module("delegates.migrations.0005_invitations_tell_their_steps")
    for _again in range(2):
        migration.tell(apps, None)
    assert [step.kind for step in invitation.steps.all()] == ["sent", "opened", "accepted"]
    invitation.refresh_from_db()
    assert invitation.answer_count == 1


def test_letters_of_before_learn_whose_they_are(conference, california):
    invitation = Invitation.objects.create(
        conference=conference, delegation=california, state="sent", sent_at=NOW
    )
    keys = [f"invite:{invitation.pk}", f"invite-reminder:{invitation.pk}:3", "invite:99", "test:1"]
    for key in keys:
        Message.objects.create(
            conference=conference, key=key, to_email="a@example.org", due_at=timezone.now()
        )
    migration = import_module("delegates.migrations.0003_letters_know_their_recipients")
    migration.tell(apps, None)
    told = dict(Message.objects.values_list("key", "recipient"))
    assert [told[key] for key in keys] == [f"delegation:{california.pk}"] * 2 + ["", ""]
