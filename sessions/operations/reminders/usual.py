"""The rules that every conference begins with, and the usual words for each kind of rule."""

from datetime import time
from typing import Any, Final

from conference.models import Conference
from sessions.models import ReminderHabits, ReminderRule

About = ReminderRule.About
Timing = ReminderRule.Timing

TEXTS: Final[dict[str, dict[str, str]]] = {
    About.ANSWER: {
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
    About.NOMINATION: {
        "subject_en": "Reminder: the names of your delegation are due by {deadline}",
        "body_en": (
            "The list of {delegation} for the {conference} has not been submitted yet. Please "
            "complete and submit it by {deadline}."
        ),
        "subject_zh": "提醒：代表团名单请于{deadline}前提交",
        "body_zh": "{delegation}参加{conference}的名单尚未提交。请于{deadline}前填写完整并提交。",
    },
    About.ACCREDITATION: {
        "subject_en": "Reminder: accreditation closes on {deadline}",
        "body_en": (
            "Some people on the list of {delegation} have not been submitted for accreditation. "
            "Please submit them by {deadline}: without accreditation there is no badge."
        ),
        "subject_zh": "提醒：证件审核将于{deadline}截止",
        "body_zh": (
            "{delegation}名单中尚有人员未提交证件审核。请于{deadline}前提交：未通过审核者无法领取证件。"
        ),
    },
    About.SESSION: {
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
    About.ARRIVAL: {
        "subject_en": "Your arrival in {city}, {arrival}",
        "body_en": (
            "We expect you in {city} on {arrival} ({by}). Your badge, your agenda and what to do "
            "on arrival are on your own page. If your plans have changed, please tell us."
        ),
        "subject_zh": "抵达{city}提醒：{arrival}",
        "body_zh": (
            "您预计于{arrival}抵达{city}（{by}）。证件、议程及抵达须知请见您的个人页面。"
            "如行程有变，敬请告知。"
        ),
    },
}

#: Only the one that each session asks for by itself is switched on: it always was.
DEFAULTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "Before each session · 场次开始前",
        "about": About.SESSION,
        "timing": Timing.OWN,
        "active": True,
    },
    {
        "name": "Before answers are due · 回复截止前",
        "about": About.ANSWER,
        "timing": Timing.CLOCK,
        "days": 3,
        "clock": time(10),
    },
    {
        "name": "Before names are due · 名单截止前",
        "about": About.NOMINATION,
        "timing": Timing.CLOCK,
        "days": 3,
        "clock": time(10),
    },
)


def begin(conference: Conference) -> None:
    """Give a new conference its habits and the rules that every one begins with."""
    ReminderHabits.objects.get_or_create(conference=conference)
    ReminderRule.objects.bulk_create(
        ReminderRule(conference=conference, **TEXTS[rule["about"]], **rule) for rule in DEFAULTS
    )


def follow_conference(
    *, instance: Conference, created: bool = False, raw: bool = False, **_: object
) -> None:
    """Begin for each conference that is made, however that comes about."""
    if created and not raw:
        begin(instance)
