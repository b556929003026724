"""A way to narrow an audience is kept under a name, and picked in another mailing."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conference.models import AuditEntry, Campaign, SavedFilter
from tests.delegates.conftest import NOW
from tests.delegates.inviting_cast import make_letter
from tests.delegates.mailing_cast import make_mailing, make_person

VIPS = {"vip": ["yes"]}


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def mailing(conference, california):
    make_person(california, "Lopez", vip=True)
    return make_mailing(conference, narrowed=VIPS)


def at(name, *args):
    return reverse(f"conference:campaign_{name}", args=["test-2023", *args])


def make_filter(conference, name="VIPs", **fields):
    given = {"audience": "people", "narrowed": VIPS, "created_at": NOW}
    return SavedFilter.objects.create(conference=conference, name=name, **given | fields)


def test_a_filter_is_saved_picked_in_another_mailing_renamed_and_deleted(desk, conference, mailing):
    page = desk.post(at("filter_save", mailing.pk), {"name": " VIPs "}, follow=True)
    assert "The filter “VIPs” is saved." in page.text
    saved = SavedFilter.objects.get()
    other = make_mailing(conference)
    assert "VIPs" in desk.get(at("audience", other.pk)).text
    page = desk.post(at("filter_take", other.pk), {"filter": saved.pk}, follow=True)
    other.refresh_from_db()
    assert other.narrowed == VIPS
    assert f'value="{saved.pk}" aria-pressed="true"' in page.text
    page = desk.post(at("filter_rename", saved.pk), {"name": "贵宾"}, follow=True)
    assert "The filter is called “贵宾” now." in page.text
    assert "VIPs only" in page.text
    page = desk.post(at("filter_delete", saved.pk), follow=True)
    assert "None yet." in page.text
    other.refresh_from_db()
    assert other.narrowed == VIPS
    deeds = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(deeds) == [
        "mailing_filter.save",
        "mailing_filter.rename",
        "mailing_filter.delete",
    ]


def test_what_is_ticked_on_the_screen_is_saved_and_narrows_the_list(desk, conference, mailing):
    ticks = {"ticks": "1", "country": ["US"], "role": ["head"]}
    page = desk.post(at("filter_save", mailing.pk), ticks | {"name": "Heads"}, follow=True)
    assert "The filter “Heads” is saved, and the list is narrowed by it." in page.text
    mailing.refresh_from_db()
    assert SavedFilter.objects.get().narrowed == mailing.narrowed
    assert mailing.narrowed == {"country": ["US"], "role": ["head"]}


def test_nothing_ticked_on_the_screen_is_nothing_to_save(desk, mailing):
    page = desk.post(at("filter_save", mailing.pk), {"ticks": "1", "name": "All"}, follow=True)
    assert "Narrow the list first" in page.text
    assert not SavedFilter.objects.exists()


def test_ticks_stay_where_the_name_is_taken(desk, conference, mailing):
    make_filter(conference)
    ticks = {"ticks": "1", "role": ["head"], "name": "VIPs"}
    page = desk.post(at("filter_save", mailing.pk), ticks, follow=True)
    assert "There is a filter called “VIPs” already." in page.text
    assert page.text.count(" checked>") == 1
    mailing.refresh_from_db()
    assert mailing.narrowed == {"role": ["head"]}


def test_what_is_gone_meanwhile_is_told_and_not_saved(desk, mailing):
    ticks = {"ticks": "1", "enrolled": ["987"], "name": "Gone"}
    page = desk.post(at("filter_save", mailing.pk), ticks, follow=True)
    assert "no longer there: Has a seat in" in page.text
    assert 'value="Gone"' in page.text
    assert not SavedFilter.objects.exists()


def test_without_a_script_the_page_says_what_will_be_saved(desk, mailing):
    page = desk.get(at("audience", mailing.pk)).text
    assert "<span data-without-script>What the list is narrowed by now is saved." in page
    assert "data-without-script>VIP: VIPs only</p>" in page


def test_a_letter_whose_recipients_are_ticked_by_hand_has_no_filter(desk, conference):
    letter = make_letter(conference, narrowed={"chosen": [1]})
    ticks = {"ticks": "1", "name": "Mine"}
    assert desk.post(at("filter_save", letter.pk), ticks).status_code == 404
    letter.refresh_from_db()
    assert letter.narrowed == {"chosen": [1]}


@pytest.mark.parametrize("name", ["vips", "VIPS", "VIPs"])
def test_a_name_is_taken_once_and_what_was_typed_stays(desk, conference, mailing, name):
    make_filter(conference)
    page = desk.post(at("filter_save", mailing.pk), {"name": name}, follow=True)
    assert f"There is a filter called “{name}” already." in page.text
    assert f'value="{name}"' in page.text
    other = make_filter(conference, "Others")
    page = desk.post(at("filter_rename", other.pk), {"name": name}, follow=True)
    assert f"There is a filter called “{name}” already." in page.text
    other.refresh_from_db()
    assert other.name == "Others"


@pytest.mark.parametrize(
    ("name", "said"), [("", "Give the filter a name."), ("x" * 81, "too long")]
)
def test_a_name_that_is_none_is_said(desk, mailing, name, said):
    page = desk.post(at("filter_save", mailing.pk), {"name": name}, follow=True)
    assert said in page.text
    assert not SavedFilter.objects.exists()


def test_everybody_is_no_filter(desk, conference, mailing):
    Campaign.objects.update(narrowed={})
    # Shown by the script only, which sends along what is ticked.
    page = desk.get(at("audience", mailing.pk)).text
    assert '<section class="stack" aria-labelledby="filters" data-needs-script hidden>' in page
    page = desk.post(at("filter_save", mailing.pk), {"name": "All"}, follow=True)
    assert "Narrow the list first" in page.text


def test_a_filter_of_another_kind_or_conference_cannot_be_picked(desk, conference, mailing):
    focal = make_filter(conference, audience="focal_points", narrowed={"country": ["US"]})
    assert "country" not in desk.get(at("audience", mailing.pk)).context["filters"]
    for wanted in (focal.pk, 0, "", "x", "9" * 30):
        assert desk.post(at("filter_take", mailing.pk), {"filter": wanted}).status_code == 404


def test_a_mailing_that_has_begun_keeps_its_list(desk, conference, mailing):
    saved = make_filter(conference, narrowed={"role": ["head"]})
    Campaign.objects.update(state="sending")
    page = desk.post(at("filter_take", mailing.pk), {"filter": saved.pk}, follow=True)
    assert "The letters are already on their way" in page.text
    mailing.refresh_from_db()
    assert mailing.narrowed == VIPS


def test_a_value_that_is_gone_matches_nobody(desk, conference, mailing):
    saved = make_filter(conference, "Gone", narrowed={"enrolled": ["999999"]})
    desk.post(at("filter_take", mailing.pk), {"filter": saved.pk})
    assert desk.get(at("audience", mailing.pk)).context["recipients"].reached == []
    assert "999999" in desk.get(at("filters")).text


def test_the_database_keeps_a_name_once_for_each_kind(conference):
    make_filter(conference)
    make_filter(conference, audience="focal_points")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_filter(conference, "vipS")
