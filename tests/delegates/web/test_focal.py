from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.models import User
from delegates.models import Delegate, Delegation, Invitation, PersonalLink
from delegates.operations import accrediting, linking, nominating
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import NOW, give_focal_point, invite, link_to, make_letter

PERSON = {
    "role": "head",
    "given_name": "Ann",
    "family_name": "Lee",
    "name_order": "given_first",
    "title_en": "Mayor of Springfield",
    "email": "ann@state.example",
    "language": "en",
}


@pytest.fixture
def soon(conference):
    """The conference lies ahead of whoever opens its pages."""
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(days=20), today + timedelta(21)
    conference.city_en, conference.city_zh = "Suzhou", "苏州"
    conference.save()
    return conference


@pytest.fixture
def delegation(california, soon):
    return give_focal_point(Delegation.objects.get(pk=california.pk))


@pytest.fixture
def invitation(delegation):
    return invite(
        delegation,
        now=timezone.now(),
        deadline=timezone.now() + timedelta(days=5),
        campaign=make_letter(delegation.conference),
    )


@pytest.fixture
def token(invitation):
    return link_to(invitation, now=timezone.now()).token


@pytest.fixture
def accepted(invitation):
    invitation.state, invitation.answered_at = "accepted", timezone.now()
    invitation.save()
    return invitation


def at(token, page="focal_home", **more):
    return reverse(f"delegates:{page}", kwargs={"token": token, **more})


def everything():
    """All rows that a visit could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Invitation, PersonalLink, Delegation, Delegate)
    ]


# --- The letter ---


def test_the_link_shows_the_letter_who_is_invited_and_until_when(client, token):
    page = client.get(at(token)).content.decode()
    assert "please come to Suzhou" in page
    assert "California" in page
    assert "Yes, we come" in page
    assert "China time" in page


def test_getting_every_page_changes_nothing(client, accepted, token, delegation, now):
    person = nominating.add_member(delegation=delegation, fields={"family_name": "Lee"}, now=now)
    before = everything()
    for page in ("focal_home", "focal_letter", "focal_member_new"):
        assert client.get(at(token, page)).status_code == 200
        assert client.head(at(token, page)).status_code == 200
    assert client.get(at(token, "focal_member", member=person.pk)).status_code == 200
    for page in ("focal_answer", "focal_opened", "focal_submit"):
        assert client.get(at(token, page)).status_code == 405
    for page in ("focal_head", "focal_withdraw"):
        assert client.get(at(token, page, member=person.pk)).status_code == 405
    assert everything() == before
    assert "sessionid" not in client.cookies


def test_the_page_speaks_the_language_of_the_invitation(client, token, invitation):
    invitation.language = "zh-hans"
    invitation.save()
    assert 'lang="zh-Hans"' in client.get(at(token)).content.decode()[:200]


def test_a_language_chosen_by_the_visitor_wins(client, token, invitation, settings):
    invitation.language = "zh-hans"
    invitation.save()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en"' in client.get(at(token)).content.decode()[:200]


def test_pages_behind_a_link_are_kept_out_of_caches_and_indexes(client, token):
    answer = client.get(at(token))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("reply", ["accepted", "tentative", "declined"])
def test_the_buttons_answer_the_invitation(client, token, reply):
    answer = client.post(at(token, "focal_answer"), {"reply": reply, "note": "Two cars"})
    assert answer.status_code == 302
    kept = Invitation.objects.get()
    assert (kept.state, kept.answer_note) == (reply, "Two cars")
    assert kept.answered_by == "focal@state.example"


def test_we_may_come_takes_the_day_by_which_they_know(client, token, soon):
    day = soon.first_day - timedelta(days=1)
    client.post(at(token, "focal_answer"), {"reply": "tentative", "know_by": day.isoformat()})
    assert Invitation.objects.get().know_by == day


def test_a_day_after_the_conference_began_is_refused_and_kept_on_the_page(client, token, soon):
    day = (soon.first_day + timedelta(days=1)).isoformat()
    answer = client.post(at(token, "focal_answer"), {"reply": "tentative", "know_by": day})
    assert answer.status_code == 422
    assert "before the conference begins" in answer.content.decode()
    assert f'value="{day}"' in answer.content.decode()


def test_looking_at_the_letter_does_not_open_it(client, token):
    assert client.get(at(token)).status_code == 200
    assert Invitation.objects.get().state == "sent"


def test_an_answer_without_a_choice_keeps_the_note(client, token):
    answer = client.post(at(token, "focal_answer"), {"note": "We have a question"})
    assert answer.status_code == 422
    assert "We have a question" in answer.content.decode()
    assert Invitation.objects.get().answered_at is None


def test_an_answer_after_the_deadline_says_so_and_keeps_the_note(client, token, invitation):
    invitation.deadline = timezone.now() - timedelta(minutes=1)
    invitation.save()
    answer = client.post(at(token, "focal_answer"), {"reply": "accepted", "note": "So sorry"})
    assert answer.status_code == 422
    assert "The deadline for an answer has passed" in answer.content.decode()
    assert Invitation.objects.get().state == "sent"


def test_a_forged_post_from_another_site_is_refused(token):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(at(token, "focal_answer"), {"reply": "declined"}).status_code == 403
    assert Invitation.objects.get().state == "sent"


def test_a_person_who_reads_is_noted_by_the_page_itself(client, token):
    assert client.post(at(token, "focal_opened")).status_code == 204
    assert Invitation.objects.get().state == "opened"


# --- Links that do not work ---


def test_a_dead_link_says_what_to_do(client, token, invitation):
    PersonalLink.objects.update(expires_at=timezone.now())
    answer = client.get(at(token))
    assert answer.status_code == 404
    assert "What you can do" in answer.content.decode()


def test_a_revoked_link_stops_at_every_door(client, token, invitation):
    linking.revoke_all(invitation=invitation, now=timezone.now())
    assert client.get(at(token)).status_code == 404
    assert client.post(at(token, "focal_answer"), {"reply": "accepted"}).status_code == 404
    assert Invitation.objects.get().state == "sent"


def test_a_link_never_reaches_another_delegations_people(client, token, accepted, soon, now):
    other = make_delegation(soon, "Texas", "得克萨斯州", "US", "US-TX")
    stranger = nominating.add_member(delegation=other, fields={"family_name": "Stranger"}, now=now)
    for page in ("focal_member", "focal_head", "focal_withdraw"):
        address = at(token, page, member=stranger.pk)
        assert client.post(address, PERSON).status_code == 404
    stranger.refresh_from_db()
    assert (stranger.family_name, stranger.withdrawn_at) == ("Stranger", None)


def test_a_delegates_link_does_not_open_the_delegations_list(client, delegation, now):
    person = nominating.add_member(delegation=delegation, fields={"family_name": "Lee"}, now=now)
    link = linking.create_link(purpose="delegate", delegate=person, now=timezone.now())
    assert client.get(at(link.token)).status_code == 404


# --- With an account ---


@pytest.fixture
def focal(delegation):
    user = User.objects.create_user("fay@state.example")
    delegation.focal_user = user
    delegation.save()
    return user


def test_a_focal_point_with_an_account_finds_the_delegation(client, focal, delegation):
    client.force_login(focal)
    assert "California" in client.get(reverse("delegates:my_delegations")).content.decode()
    home = reverse("delegates:focal_home", kwargs={"pk": delegation.pk})
    assert client.get(home).status_code == 200


def test_other_accounts_get_404_and_strangers_are_asked_to_sign_in(client, delegation, organiser):
    home = reverse("delegates:focal_home", kwargs={"pk": delegation.pk})
    assert client.get(home).status_code == 302
    client.force_login(organiser)
    assert client.get(home).status_code == 404


def test_somebody_without_a_delegation_is_told_what_to_do(client, organiser):
    client.force_login(organiser)
    page = client.get(reverse("delegates:my_delegations")).content.decode()
    assert "You are not the focal point of a delegation" in page


# --- The list ---


def test_the_head_is_named_and_what_is_missing_is_shown(client, token, accepted):
    assert client.post(at(token, "focal_member_new"), PERSON).status_code == 302
    head = Delegate.objects.get()
    assert (head.role, head.display_name) == ("head", "Ann Lee")
    client.post(
        at(token, "focal_member_new"),
        PERSON | {"role": "member", "title_en": "", "given_name": "Bo"},
    )
    page = client.get(at(token)).content.decode()
    bo = Delegate.objects.get(given_name="Bo")
    assert f"{at(token, 'focal_member', member=bo.pk)}#id_title_en" in page


def test_a_name_has_no_character_that_nobody_sees(client, token, accepted):
    typed = PERSON | {"given_name": "An\x0bn\n", "title_en": "Mayor\u202e of Reno"}
    assert client.post(at(token, "focal_member_new"), typed).status_code == 302
    person = Delegate.objects.get()
    assert (person.given_name, person.title_en) == ("An n", "Mayor of Reno")


def test_a_refused_form_keeps_what_was_typed(client, token, accepted):
    answer = client.post(
        at(token, "focal_member_new"), PERSON | {"email": "not an address", "diet": "no nuts"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="not an address"' in page
    assert 'value="no nuts"' in page
    assert Delegate.objects.count() == 0


def test_a_second_head_is_refused_at_the_field(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON)
    answer = client.post(at(token, "focal_member_new"), PERSON | {"given_name": "Bo"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["role"] == [
        "This delegation already has a head. Change that person's role first."
    ]
    assert 'value="Bo"' in answer.content.decode()


def test_another_person_becomes_the_head(client, token, accepted):
    for given, role in (("Ann", "head"), ("Bo", "member")):
        client.post(at(token, "focal_member_new"), PERSON | {"given_name": given, "role": role})
    bo = Delegate.objects.get(given_name="Bo")
    client.post(at(token, "focal_head", member=bo.pk))
    roles = dict(Delegate.objects.values_list("given_name", "role"))
    assert roles == {"Ann": "member", "Bo": "head"}


def test_a_person_is_taken_off_and_put_back(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON)
    person = Delegate.objects.get()
    client.post(at(token, "focal_withdraw", member=person.pk))
    assert not Delegate.objects.attending().exists()
    client.post(at(token, "focal_withdraw", member=person.pk))
    assert Delegate.objects.attending().get() == person


def test_times_are_those_of_the_venue(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON | {"arrival_at": "2023-11-02T09:30"})
    person = Delegate.objects.get()
    assert person.arrival_at.isoformat() == "2023-11-02T01:30:00+00:00"
    page = client.get(at(token, "focal_member", member=person.pk)).content.decode()
    assert 'value="2023-11-02T09:30"' in page


def test_the_list_is_submitted_and_the_incomplete_are_named(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON)
    client.post(
        at(token, "focal_member_new"),
        PERSON | {"role": "member", "given_name": "Bo", "title_en": ""},
    )
    page = client.post(at(token, "focal_submit"), follow=True).content.decode()
    assert "1 person is submitted" in page
    assert "Not submitted, because something is missing: Bo Lee." in page
    states = dict(Delegate.objects.values_list("given_name", "accreditation__state"))
    assert states == {"Ann": "submitted", "Bo": "nominated"}


def test_a_decision_and_its_reason_are_shown(client, token, accepted, organiser):
    client.post(at(token, "focal_member_new"), PERSON)
    client.post(at(token, "focal_submit"))
    accrediting.refuse(
        delegate=Delegate.objects.get(), reason="The photo is missing.", now=timezone.now()
    )
    page = client.get(at(token)).content.decode()
    assert "Refused" in page
    assert "The photo is missing." in page
    client.post(at(token, "focal_submit_again", member=Delegate.objects.get().pk))
    assert Delegate.objects.get().accreditation.state == "submitted"


def test_who_an_approved_person_is_stays_locked(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON)
    client.post(at(token, "focal_submit"))
    person = Delegate.objects.get()
    accrediting.approve(delegate=person, now=timezone.now())
    address = at(token, "focal_member", member=person.pk)
    client.post(address, PERSON | {"given_name": "Eve", "diet": "vegan"})
    person.refresh_from_db()
    assert (person.given_name, person.diet) == ("Ann", "vegan")
    assert "The badge is ready to be printed." in client.get(at(token)).content.decode()


def test_a_closed_list_is_shown_and_refuses_changes(client, token, accepted, delegation):
    client.post(at(token, "focal_member_new"), PERSON)
    person = Delegate.objects.get()
    Delegation.objects.filter(pk=delegation.pk).update(nominations_close=date(2023, 1, 1))
    assert client.get(at(token, "focal_member_new")).status_code == 409
    assert client.get(at(token, "focal_member", member=person.pk)).status_code == 200
    typed = PERSON | {"role": "member", "given_name": "Too late"}
    answer = client.post(at(token, "focal_member_new"), typed)
    assert answer.status_code == 422
    assert 'value="Too late"' in answer.content.decode()
    client.post(at(token, "focal_member", member=person.pk), PERSON | {"given_name": "Late"})
    client.post(at(token, "focal_withdraw", member=person.pk))
    client.post(at(token, "focal_submit"))
    person.refresh_from_db()
    assert (person.given_name, person.withdrawn_at) == ("Ann", None)
    assert person.accreditation.state == "nominated"


def test_whoever_declined_fills_no_list(client, token, invitation):
    client.post(at(token, "focal_answer"), {"reply": "declined"})
    assert client.get(at(token, "focal_member_new")).status_code == 409


def test_hostile_names_are_words_on_the_page(client, token, accepted):
    client.post(
        at(token, "focal_member_new"), PERSON | {"family_name": "<img src=x onerror=alert(1)>"}
    )
    page = client.get(at(token)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_focal_point_cannot_make_somebody_a_vip(client, token, accepted):
    client.post(at(token, "focal_member_new"), PERSON | {"vip": "on", "rank": "1"})
    person = Delegate.objects.get()
    assert (person.vip, person.rank) == (False, None)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.usefixtures("accepted")
def test_the_list_costs_the_same_with_one_and_three_people(
    client, token, delegation, count, django_assert_num_queries
):
    for number in range(count):
        nominating.add_member(
            delegation=delegation, fields={"family_name": f"Person {number}"}, now=NOW
        )
    with django_assert_num_queries(5):
        assert client.get(at(token)).status_code == 200
