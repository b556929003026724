"""The house's own pages, as their readers meet them."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import reverse

from conference.mail_backends import OutboxBackend
from conference.models import AuditEntry, Conference, Membership, Message, OutboxMail, Role, User
from conference.operations import auditing, mailing
from conference.operations.mailing import Letter
from tests.conference.conftest import NOW


def write(conference: Conference, number: int) -> Message:
    return mailing.enqueue(
        conference=conference,
        letter=Letter(
            key=f"greeting:{conference.slug}:{number}",
            purpose="greeting",
            to_email=f"guest{number}@example.com",
            to_name=f"Guest {number}",
            subject=f"Welcome {number}",
            body_text="Good morning",
        ),
        now=NOW,
    )


def address(name: str, conference: Conference, *args: object) -> str:
    return reverse(name, args=[conference.slug, *args])


def test_the_front_page_leads_to_published_editions_only(client, suzhou, tacoma):
    page = client.get("/").content.decode()
    assert suzhou.name_en in page
    assert tacoma.name_en not in page


def test_the_list_of_letters_costs_the_same_for_one_and_for_three(
    desk, suzhou, django_assert_num_queries
):
    write(suzhou, 1)
    url = address("conference:message_list", suzhou)
    desk.get(url)
    with django_assert_num_queries(7):
        desk.get(url)
    write(suzhou, 2)
    write(suzhou, 3)
    with django_assert_num_queries(7):
        desk.get(url)


def test_letters_are_found_by_state_and_by_recipient(desk, suzhou):
    write(suzhou, 1)
    failed = write(suzhou, 2)
    Message.objects.filter(pk=failed.pk).update(state="failed", server_answer="550 no such user")
    url = address("conference:message_list", suzhou)
    assert list(desk.get(url, {"state": "failed"}).context["page"]) == [failed]
    assert list(desk.get(url, {"q": "guest 2"}).context["page"]) == [failed]


def test_a_failed_letter_is_queued_again_by_hand(desk, suzhou):
    letter = write(suzhou, 1)
    Message.objects.filter(pk=letter.pk).update(state="failed", server_answer="550 no such user")
    page = desk.get(address("conference:message_detail", suzhou, letter.pk)).content.decode()
    assert "550 no such user" in page
    desk.post(address("conference:message_retry", suzhou, letter.pk))
    letter.refresh_from_db()
    assert letter.state == "queued"


def test_another_conferences_letter_does_not_exist_here(desk, suzhou, tacoma):
    elsewhere = write(tacoma, 1)
    for name in ("message_detail", "message_retry"):
        url = address(f"conference:{name}", suzhou, elsewhere.pk)
        assert desk.get(url).status_code in {404, 405}
        assert desk.post(url).status_code in {404, 405}
    elsewhere.refresh_from_db()
    assert elsewhere.state == "queued"


def test_wrong_settings_keep_what_was_typed_and_say_what_to_do(desk, suzhou):
    answer = desk.post(
        address("conference:settings", suzhou),
        {
            "name_en": "A better name",
            "first_day": "2026-11-05",
            "last_day": "2026-11-04",
            "timezone": "Mars/Base",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A better name" in page
    assert "The last day cannot be before the first day." in page
    assert "“Mars/Base” is not a time zone. Use a name such as Asia/Shanghai." in page
    suzhou.refresh_from_db()
    assert suzhou.name_en == "5th Conference"


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_conference_is_not_at_the_ends_of_time(desk, suzhou, year):
    days = {"first_day": f"{year}-01-01", "last_day": f"{year}-12-31"}
    answer = desk.post(address("conference:settings", suzhou), {"name_en": "A", **days})
    assert answer.status_code == 422
    assert answer.content.decode().count("Give a day between 1950 and 2150.") == 2


def test_a_change_of_settings_is_saved_and_recorded(desk, suzhou, organiser):
    answer = desk.post(
        address("conference:settings", suzhou),
        {
            "name_en": "A better name",
            "name_zh": suzhou.name_zh,
            "theme_en": suzhou.theme_en,
            "city_en": suzhou.city_en,
            "first_day": "2026-11-03",
            "last_day": "2026-11-05",
            "timezone": "Asia/Shanghai",
            "show_map": "on",
            "published": "on",
        },
    )
    assert answer.status_code == 302
    entry = AuditEntry.objects.get()
    assert entry.before == {"name_en": "5th Conference", "last_day": "2026-11-04"}
    assert entry.after == {"name_en": "A better name", "last_day": "2026-11-05"}


def test_an_address_that_is_too_long_is_refused_beside_its_field(desk, suzhou):
    email = f"a@{'.'.join(['b' * 60] * 4)}.example.org"
    answer = desk.post(address("conference:team", suzhou), {"email": email, "role": "viewer"})
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors


def test_the_team_page_refuses_to_lose_its_last_organiser(desk, suzhou, organiser):
    membership = Membership.objects.get(user=organiser)
    answer = desk.post(address("conference:team_remove", suzhou, membership.pk), follow=True)
    assert "A conference needs at least one organiser." in answer.content.decode()
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_the_history_shows_who_did_what(desk, suzhou, organiser):
    auditing.record(action="team.greet", target=suzhou, conference=suzhou, actor=organiser, now=NOW)
    page = desk.get(address("conference:audit", suzhou)).content.decode()
    assert "team.greet" in page
    assert organiser.email in page


@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 404)])
def test_the_outbox_exists_in_the_demo_alone(client, db, settings, demo, status):
    settings.PLENARY_DEMO = demo
    kept = OutboxMail.objects.create(
        message_id="<1@example.com>",
        to_email="wei@example.com",
        subject="Welcome",
        source="Subject: Welcome\nContent-Type: text/plain\n\nOpen http://127.0.0.1/x",
    )
    assert client.get(reverse("conference:outbox")).status_code == status
    assert client.get(reverse("conference:outbox_mail", args=[kept.pk])).status_code == status


def test_the_outbox_shows_a_chinese_mail_in_its_own_letters(client, db, settings):
    settings.PLENARY_DEMO = True
    mail = EmailMultiAlternatives("欢迎", "尊敬的魏女士：您好", to=["wei@example.com"])
    mail.attach_alternative('<p style="margin:0">尊敬的魏女士：<b>您好</b></p>', "text/html")
    OutboxBackend().send_messages([mail])
    kept = OutboxMail.objects.get()

    page = client.get(reverse("conference:outbox_mail", args=[kept.pk]))
    assert page.context["text"] == "尊敬的魏女士：您好"

    html = client.get(reverse("conference:outbox_html", args=[kept.pk]))
    assert html.content.decode() == '<p style="margin:0">尊敬的魏女士：<b>您好</b></p>'
    policy = html.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'none'", "style-src 'unsafe-inline'"} <= set(policy)


def test_a_mail_of_text_alone_has_no_other_form(client, db, settings):
    settings.PLENARY_DEMO = True
    OutboxBackend().send_messages([EmailMessage("Code", "504244", to=["wei@example.com"])])
    kept = OutboxMail.objects.get()
    assert (
        client.get(reverse("conference:outbox_mail", args=[kept.pk])).context["has_html"] is False
    )
    assert client.get(reverse("conference:outbox_html", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize("name", ["message_list", "settings", "team", "audit"])
def test_a_viewer_finds_none_of_the_organisers_pages(client, suzhou, name):
    viewer = User.objects.create_user("vera@example.org")
    Membership.objects.create(conference=suzhou, user=viewer, role=Role.VIEWER)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address(f"conference:{name}", suzhou)).status_code == 404
