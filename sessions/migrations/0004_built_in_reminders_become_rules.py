"""Gives every conference its first rules, and every reminder of old its place under them.

A reminder that was made before, whatever has become of it, is written down under the key that its
rule would make now. So no look makes it a second time.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations

OLD_PURPOSE, NEW_PURPOSE = "session_reminder", "reminder"
OWN = "Before each session · 场次开始前"
AT_ONCE = 500
RULES = (
    {
        "name": OWN,
        "about": "session",
        "timing": "own",
        "active": True,
        "subject_en": "Reminder: {session}, {start}",
        "body_en": (
            "This session begins soon, and you have a seat in it.\n\n"
            "{session}\nWhen: {when}\nWhere: {place}\n\n"
            "If you cannot come, please give your seat back on your agenda page: others are "
            "waiting for one."
        ),
        "subject_zh": "提醒：{session}，{start}",
        "body_zh": (
            "该场次即将开始，您已预订席位。\n\n{session}\n时间：{when}\n地点：{place}\n\n"
            "如不能出席，请在您的议程页面退还席位，以便让给候补人员。"
        ),
    },
    {
        "name": "Before answers are due · 回复截止前",
        "about": "answer",
        "timing": "clock",
        "days": 3,
        "clock": time(10),
        "subject_en": "Reminder: your answer is due by {deadline}",
        "body_en": (
            "We have not yet heard whether {delegation} will come to the {conference} in {city}, "
            "{dates}. We would be glad of your answer by {deadline}.\n\n"
            "If your answer has crossed this letter, please take it with our thanks."
        ),
        "subject_zh": "提醒：请于{deadline}前回复",
        "body_zh": (
            "我们尚未收到{delegation}是否出席{conference}（{city}，{dates}）的回复。敬请于{deadline}前告知。"
            "\n\n如您的回复已在途中，谨此致谢，请勿介意。"
        ),
    },
    {
        "name": "Before names are due · 名单截止前",
        "about": "nomination",
        "timing": "clock",
        "days": 3,
        "clock": time(10),
        "subject_en": "Reminder: the names of your delegation are due by {deadline}",
        "body_en": (
            "The list of {delegation} for the {conference} has not been submitted yet. Please "
            "complete and submit it by {deadline}."
        ),
        "subject_zh": "提醒：代表团名单请于{deadline}前提交",
        "body_zh": "{delegation}参加{conference}的名单尚未提交。请于{deadline}前填写完整并提交。",
    },
)
#: What has become of a reminder, by the state of its letter.
STATES = {"missed": "missed", "cancelled": "cancelled"}


def give_rules(apps, schema_editor):
    conferences = apps.get_model("conference", "Conference")
    habits = apps.get_model("programme", "ReminderHabits")
    rules = apps.get_model("programme", "ReminderRule")
    for conference in conferences.objects.order_by("pk"):
        habits.objects.get_or_create(conference=conference)
        for fields in RULES:
            rules.objects.create(conference=conference, **fields)


def adopt_reminders(apps, schema_editor):
    messages = apps.get_model("conference", "Message")
    reminders = apps.get_model("programme", "Reminder")
    delegates = apps.get_model("delegates", "Delegate")
    rules = {
        rule.conference_id: rule
        for rule in apps.get_model("programme", "ReminderRule")
        .objects.filter(timing="own", name=OWN)
        .select_related("conference")
    }
    known = set(delegates.objects.values_list("pk", flat=True))
    old = messages.objects.filter(purpose=OLD_PURPOSE).defer("body_text", "body_html")
    made = []
    for message in old.order_by("pk").iterator(chunk_size=AT_ONCE):
        reminder = _reminder_of(message, rules.get(message.conference_id), reminders)
        if reminder is not None and reminder.delegate_id in known:
            made.append(reminder)
    reminders.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)
    old.update(purpose=NEW_PURPOSE)


def _reminder_of(message, rule, reminders):
    """The old key was ``remind:session:<id>:<start>:<minutes>:<delegate>``; a start has colons."""
    if rule is None or not message.key.startswith("remind:session:"):
        return None
    _remind, _session, session_id, rest = message.key.split(":", 3)
    start, minutes, delegate_id = rest.rsplit(":", 2)
    if not (minutes.isdecimal() and delegate_id.isdecimal()):
        return None
    starts_at = datetime.fromisoformat(start).astimezone(UTC)
    zone = ZoneInfo(rule.conference.timezone)
    wall = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(minutes=int(minutes))
    thing = f"session:{session_id}"
    occasion = f"{rule.pk}:{thing}:{starts_at.isoformat()}:-{int(minutes)}m"
    return reminders(
        conference_id=message.conference_id,
        rule=rule,
        key=f"{occasion}:delegate:{delegate_id}",
        occasion=occasion,
        thing=thing,
        thing_at=starts_at,
        delegate_id=int(delegate_id),
        wall_day=wall.date(),
        wall_clock=wall.time(),
        zone=rule.conference.timezone,
        due_at=message.due_at,
        send_at=message.due_at,
        state=STATES.get(message.state, "in_letter"),
        reason="reminder_formerly",
        message=message,
    )


def give_back(apps, schema_editor):
    """The rows go with their tables; the letters get the purpose that the old code looks for."""
    messages = apps.get_model("conference", "Message")
    messages.objects.filter(purpose=NEW_PURPOSE, key__startswith="remind:session:").update(
        purpose=OLD_PURPOSE
    )


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0003_reminder_rules"),
        ("conference", "0004_letters_tell_their_steps"),
        ("delegates", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(give_rules, migrations.RunPython.noop),
        migrations.RunPython(adopt_reminders, give_back),
    ]
