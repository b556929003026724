from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import AuditEntry, Campaign, Membership, Message, User
from conference.operations import returning
from delegates.models import Delegate, Delegation, Invitation, Locality, Organisation, SisterPair
from delegates.operations import nominating
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import NOW, give_focal_point, invite, make_letter, send


@pytest.fixture
def soon(conference):
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(days=60), today + timedelta(61)
    conference.save()
    return conference


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def place(soon, california):
    return Delegation.objects.get(pk=california.pk)


def at(conference, page, *args):
    return reverse(f"delegates:{page}", args=[conference.slug, *args])


def names(answer):
    return [row.delegation.name_en for row in answer.context["page"]]


# --- The list ---


def test_filters_in_the_address_narrow_the_list(desk, soon, place, jiangsu):
    invite(place, "accepted")
    give_focal_point(jiangsu, name="Wang Jianguo")
    address = at(soon, "delegation_list")
    assert names(desk.get(address)) == ["California", "Jiangsu"]
    assert names(desk.get(f"{address}?step=answered")) == ["California"]
    assert names(desk.get(f"{address}?step=not_invited")) == ["Jiangsu"]
    assert names(desk.get(f"{address}?country=CN")) == ["Jiangsu"]
    assert names(desk.get(f"{address}?answer=accepted")) == ["California"]
    assert names(desk.get(f"{address}?q=jianguo")) == ["Jiangsu"]
    assert names(desk.get(f"{address}?q=江苏")) == ["Jiangsu"]
    assert "No delegation fits" in desk.get(f"{address}?q=nowhere").content.decode()


def test_what_the_overview_counts_is_a_filter_of_its_own(desk, soon, place, jiangsu):
    invite(place, "sent")
    now = timezone.now()
    Invitation.objects.update(locked_at=now - timedelta(hours=1), codes_stopped_at=now)
    give_focal_point(place)
    address = at(soon, "delegation_list")
    shut = desk.get(f"{address}?only=shut")
    assert names(shut) == ["California"]
    assert "Shut after many wrong codes" in shut.content.decode()
    assert names(desk.get(f"{address}?only=no_address")) == ["Jiangsu"]
    assert names(desk.get(f"{address}?only=shut&step=not_invited")) == []
    assert names(desk.get(f"{address}?only=nonsense")) == ["California", "Jiangsu"]


def test_an_empty_list_says_what_it_is_for(desk, soon):
    page = desk.get(at(soon, "delegation_list")).content.decode()
    assert "A delegation is a place or an organisation that sends people." in page


def test_a_long_list_has_pages(desk, soon):
    for number in range(51):
        make_delegation(soon, f"State {number:02}", "", "US", f"US-{number}")
    page = desk.get(at(soon, "delegation_list") + "?page=2")
    assert names(page) == ["State 50"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_three(
    desk, soon, count, now, django_assert_num_queries
):
    for number in range(count):
        delegation = make_delegation(soon, f"State {number}", "", "US", f"US-{number}")
        invite(delegation)
        nominating.add_member(delegation=delegation, fields={"family_name": "Doe"}, now=now)
    with django_assert_num_queries(7):
        assert desk.get(at(soon, "delegation_list")).status_code == 200


# --- One delegation ---


def test_the_page_tells_the_life_of_the_invitation(desk, soon, place):
    give_focal_point(place)
    (message,) = send(
        make_letter(soon), place, now=timezone.now(), deadline=timezone.now() + timedelta(days=9)
    )
    Message.objects.filter(pk=message.pk).update(state="failed", server_answer="550 no such user")
    page = desk.get(at(soon, "delegation_detail", place.pk)).content.decode()
    assert "The mail server said: 550 no such user" in " ".join(page.split())
    assert "Not opened yet" in page
    assert "No answer yet" in page


def test_sister_places_here_and_those_that_come_are_named(desk, soon, place, jiangsu):
    city = Locality.objects.create(
        kind="city", country="US", name_en="Los Angeles", parent=place.locality
    )
    other = Locality.objects.create(
        kind="city", country="CN", name_en="Nanjing", parent=jiangsu.locality
    )
    first, second = sorted([city, other], key=lambda one: one.pk)
    SisterPair.objects.create(first=first, second=second, year=1979)
    page = desk.get(at(soon, "delegation_detail", place.pk))
    (row,) = page.context["sisters"]
    assert (row["own"], row["other"], row["coming"]) == (city, other, jiangsu)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_and_three_people(
    desk, soon, place, count, django_assert_num_queries
):
    for number in range(count):
        nominating.add_member(delegation=place, fields={"family_name": f"Person {number}"}, now=NOW)
    with django_assert_num_queries(15):
        assert desk.get(at(soon, "delegation_detail", place.pk)).status_code == 200


def test_an_answer_by_phone_is_entered_with_its_note(desk, soon, place):
    desk.post(
        at(soon, "delegation_answer", place.pk),
        {"reply": "accepted", "note": "Ms. Lee called", "way": "telephone"},
    )
    kept = Invitation.objects.get()
    assert (kept.state, kept.answer_note) == ("accepted", "Ms. Lee called")
    assert kept.answered_by == "organiser@example.org"


def test_an_expired_invitation_is_opened_again_from_its_page(desk, soon, place):
    invite(place, "expired", deadline=timezone.now() - timedelta(days=1))
    page = desk.get(at(soon, "delegation_detail", place.pk)).content.decode()
    assert "Let them answer until" in page
    desk.post(at(soon, "delegation_reopen", place.pk))
    kept = Invitation.objects.get()
    assert kept.state == "sent"
    assert kept.refusal(timezone.now()) is None


@pytest.mark.parametrize("state", ["delivered", "bounced", "opened", "expired", "tentative"])
def test_the_list_filters_and_counts_by_the_state_of_the_invitation(desk, soon, place, state):
    invite(place, state)
    other = make_delegation(soon, "Texas", "得克萨斯州", "US", "US-TX")
    invite(other, "accepted")
    page = desk.get(at(soon, "delegation_list"), {"answer": state})
    assert [row.delegation for row in page.context["page"]] == [place]
    counts = {code: count for code, _label, count in page.context["answers"] if count}
    assert counts == {state: 1, "accepted": 1}


def test_an_answer_from_a_stale_page_shows_the_newer_one(desk, soon, place):
    invite(place, "declined")
    answer = desk.post(
        at(soon, "delegation_answer", place.pk),
        {"reply": "accepted", "note": "Ms. Lee", "way": "paper", "seen": "0"},
    )
    assert answer.status_code == 409
    assert "Somebody answered meanwhile" in answer.content.decode()
    assert Invitation.objects.get().state == "declined"


def test_an_answer_by_phone_needs_to_say_how_it_came(desk, soon, place):
    answer = desk.post(at(soon, "delegation_answer", place.pk), {"reply": "accepted"})
    assert answer.status_code == 422
    assert answer.context["answer_form"].errors["note"]
    assert Invitation.objects.count() == 0


def test_a_letter_that_came_back_is_sent_again_to_the_same_address(desk, soon, place):
    letter = came_back(soon, place)
    page = desk.get(at(soon, "delegation_detail", place.pk)).content.decode()
    assert "Send again to focal@state.example" in page
    assert "The letter did not arrive." in page
    desk.post(at(soon, "delegation_resend", place.pk))
    letter.refresh_from_db()
    assert (letter.state, Invitation.objects.get().state) == ("queued", "sent")


def test_a_letter_of_a_cancelled_mailing_is_not_said_to_be_on_its_way(desk, soon, place):
    came_back(soon, place)
    Campaign.objects.update(state="cancelled")
    give_focal_point(place, "new@state.example")
    told = desk.post(at(soon, "delegation_resend", place.pk), follow=True).content.decode()
    assert "nothing more of it leaves" in told
    assert Message.objects.count() == 1


def came_back(conference, delegation):
    """Invite a delegation by a letter that comes back, as from a full mailbox."""
    give_focal_point(delegation)
    now = timezone.now()
    (letter,) = send(make_letter(conference), delegation, now=now, deadline=now + timedelta(9))
    Message.objects.update(state="sent", sent_at=now)
    returning.note(message=letter, event="e", source="test", kind="soft", now=now)
    return letter


def test_the_letter_is_printed_with_its_link(desk, soon, place):
    letter = make_letter(soon)
    day = timezone.now().date() + timedelta(days=9)
    answer = desk.post(
        at(soon, "delegation_letter", place.pk), {"letter": letter.pk, "deadline": f"{day}T18:00"}
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="invitation-california.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert Invitation.objects.get().state == "sent"


def test_a_new_address_is_offered_and_used(desk, soon, place):
    give_focal_point(place)
    now = timezone.now()
    send(make_letter(soon), place, now=now, deadline=now + timedelta(days=9))
    give_focal_point(place, "right@state.example")
    page = desk.get(at(soon, "delegation_detail", place.pk)).content.decode()
    assert "Send again to right@state.example" in page
    desk.post(at(soon, "delegation_resend", place.pk))
    assert Message.objects.filter(to_email="right@state.example").count() == 1


def test_more_time_is_given(desk, soon, place):
    invite(place)
    day = timezone.now().date() + timedelta(days=9)
    desk.post(at(soon, "delegation_deadline", place.pk), {"deadline": f"{day}T18:00"})
    assert Invitation.objects.get().deadline.isoformat() == f"{day}T10:00:00+00:00"


def test_the_form_for_more_time_never_begins_with_less(desk, soon, place):
    late = (timezone.now() + timedelta(days=400)).replace(microsecond=0)
    invite(place, deadline=late)
    form = desk.get(at(soon, "delegation_detail", place.pk)).context["deadline_form"]
    assert form["deadline"].initial == late


# --- Entering and changing ---

TYPED = {"focal_language": "en", "precedence": "7", "focal_email": "focal@state.example"}


def test_a_delegation_takes_the_names_of_its_place(desk, soon):
    place = Locality.objects.create(kind="state", country="US", name_en="Ohio", name_zh="俄亥俄州")
    answer = desk.post(at(soon, "delegation_new"), TYPED | {"locality": place.pk})
    made = Delegation.objects.get()
    assert answer.url == at(soon, "delegation_detail", made.pk)
    assert (made.name_en, made.name_zh, made.precedence) == ("Ohio", "俄亥俄州", 7)
    assert AuditEntry.objects.get().action == "delegation.add"


def test_an_organisation_that_is_not_in_the_list_is_entered_with_its_delegation(desk, soon):
    desk.post(at(soon, "delegation_new"), TYPED | {"organisation_en": "Sister Cities"})
    made = Delegation.objects.get()
    assert (made.organisation, made.name_en) == (Organisation.objects.get(), "Sister Cities")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "locality"),
        ({"locality": "place", "organisation_en": "Both"}, "organisation"),
        ({"locality": "taken"}, "locality"),
        ({"locality": "place", "focal_email": "nonsense"}, "focal_email"),
    ],
)
def test_bad_input_is_kept_and_told_at_the_field(desk, soon, place, changes, field):
    free = Locality.objects.create(kind="state", country="US", name_en="Ohio")
    known = {"place": free.pk, "taken": place.locality_id}
    typed = TYPED | {"note": "Keep me"} | {k: known.get(v, v) for k, v in changes.items()}
    answer = desk.post(at(soon, "delegation_new"), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Keep me" in answer.content.decode()
    assert Delegation.objects.count() == 1


def test_a_change_is_recorded_with_what_was_before(desk, soon, place):
    typed = TYPED | {"locality": place.locality_id, "name_en": "California", "name_zh": "加州"}
    desk.post(at(soon, "delegation_edit", place.pk), typed)
    entry = AuditEntry.objects.get()
    assert entry.action == "delegation.change"
    assert entry.before["name_zh"] == "加利福尼亚州"
    assert entry.after["name_zh"] == "加州"


# --- Who may ---


def member(conference, role):
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(conference=conference, user=user, role=role)
    return user


def test_gate_staff_read_the_list_without_addresses_and_change_nothing(client, soon, place):
    give_focal_point(place)
    client.force_login(member(soon, "desk"))
    page = client.get(at(soon, "delegation_detail", place.pk))
    assert "focal@state.example" not in page.content.decode()
    assert client.get(at(soon, "delegation_edit", place.pk)).status_code == 404
    assert client.post(at(soon, "delegation_answer", place.pk), {}).status_code == 404


def test_a_viewer_and_a_stranger_see_nothing(client, soon, place):
    client.force_login(member(soon, "viewer"))
    assert client.get(at(soon, "delegation_list")).status_code == 404
    client.force_login(User.objects.create_user("stranger@example.org"))
    assert client.get(at(soon, "delegation_list")).status_code == 404
    client.logout()
    assert client.get(at(soon, "delegation_list")).status_code == 302


def test_another_conferences_delegation_does_not_exist(desk, soon, other_conference):
    stranger = make_delegation(other_conference, "Elsewhere", "", "US", "US-EE")
    assert desk.get(at(soon, "delegation_detail", stranger.pk)).status_code == 404
    assert desk.get(at(soon, "delegation_edit", stranger.pk)).status_code == 404
    typed = {"reply": "accepted", "note": "x"}
    assert desk.post(at(soon, "delegation_answer", stranger.pk), typed).status_code == 404
    assert desk.get(at(other_conference, "delegation_list")).status_code == 404


def test_hostile_names_are_words_on_every_page(desk, soon, place, now):
    hostile = '"><script>alert(1)</script>'
    Delegation.objects.filter(pk=place.pk).update(name_en=hostile, focal_name=hostile, note=hostile)
    nominating.add_member(
        delegation=place, fields={"family_name": hostile, "title_en": hostile}, now=now
    )
    assert Delegate.objects.count() == 1
    for address in (
        at(soon, "delegation_list"),
        at(soon, "delegation_detail", place.pk),
        at(soon, "delegation_edit", place.pk),
        at(soon, "letter_list"),
    ):
        assert "<script>alert(1)" not in desk.get(address).content.decode()
