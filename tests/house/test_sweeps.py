"""Periodic work: where each task waits, and that a look done twice changes nothing more."""

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from conference.models import Message
from config.schedule import schedule
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)


@pytest.fixture
def our_tasks():
    """The names of our tasks, each with the queue that it waits in; the queues emptied again."""
    current_app.loader.import_default_modules()
    yield {
        name: current_app.amqp.router.route({}, name)["queue"].name
        for name in current_app.tasks
        if not name.startswith("celery.")
    }
    with current_app.connection_or_acquire() as broker:
        for queue in settings.CELERY_TASK_QUEUES:
            broker.default_channel.queue_purge(queue)


@pytest.fixture
def vip_inside(db):
    """Somebody has come whom the protocol officer wants to hear of."""
    conference = make_doors(make_conference())
    make_member(conference, "protocol")
    vip = make_person(make_delegation(conference), given_name="Vera", vip=True)
    enrolled_phone(conference).scan(lookup_of(vip))
    return conference


def rows():
    """How many rows each table has, and how the letters are."""
    counts = {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }
    return counts, list(Message.objects.order_by("pk").values_list("key", "state", "attempts"))


def test_mail_waits_for_nothing_but_mail(our_tasks):
    assert {name for name, queue in our_tasks.items() if queue == "mail"} == {
        "conference.deliver_message",
        "conference.send_due_messages",
    }
    assert set(our_tasks.values()) <= set(settings.CELERY_TASK_QUEUES)
    assert set(settings.CELERY_TASK_QUEUES) == {"mail", "documents", "default"}


def test_documents_wait_apart(our_tasks):
    made_up = "conference.render_badges"
    assert current_app.amqp.router.route({}, made_up)["queue"].name == "documents"


def test_beat_calls_tasks_that_exist_and_tells_them_nothing(our_tasks):
    for entry in schedule().values():
        assert entry["task"] in our_tasks
        assert not entry.get("args")
        assert not entry.get("kwargs")
        assert entry["options"]["expires"] <= entry["schedule"].total_seconds()


def test_a_second_look_of_beat_finds_everything_done(vip_inside, our_tasks):
    call_command("send_due")
    # Beat's alone, and only where it is night at the venue.
    current_app.tasks["checkin.recount_tonight"].run()
    first = rows()
    for name in schedule():
        current_app.tasks[name].run()
    call_command("send_due")
    assert rows() == first
    assert [message.state for message in Message.objects.all()] == ["sent"]
