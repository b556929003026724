"""Delegates, accreditation, badges and lists, as the organiser meets them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import Membership, Message, User
from delegates.models import Accreditation, Badge, Delegate, ImportBatch, PersonalLink
from delegates.operations import accrediting, nominating, substituting
from delegates.operations.importing import batches
from tests.delegates.conftest import make_delegation
from tests.delegates.files import messy

State = Accreditation.State


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def url(conference):
    def url(name, *args):
        return reverse(f"delegates:{name}", args=[conference.slug, *args])

    return url


@pytest.fixture
def add(california, now):
    def add(family, *, submit=True, approve=False, **fields):
        delegate = nominating.add_member(
            delegation=fields.pop("delegation", california),
            fields={"family_name": family, "title_en": "Mayor", **fields},
            now=now,
        )
        if submit or approve:
            nominating.submit_member(delegate=delegate, now=now)
        if approve:
            accrediting.approve(delegate=delegate, now=now)
        return delegate

    return add


def names(response):
    return [person.family_name or person.native_name for person in response.context["page"]]


# --- the list ---


def test_people_are_found_in_either_script_and_by_filters(desk, url, add, jiangsu):
    add("Lee", given_name="Ann", role="head", approve=True)
    add("Park", submit=False)
    add("", native_name="王小明", delegation=jiangsu)
    page = url("delegate_list")
    assert names(desk.get(page, {"q": "ann lee"})) == ["Lee"]
    assert names(desk.get(page, {"q": "小明"})) == ["王小明"]
    assert names(desk.get(page, {"q": "江苏"})) == ["王小明"]
    assert names(desk.get(page, {"state": "nominated"})) == ["Park"]
    assert names(desk.get(page, {"role": "head"})) == ["Lee"]
    assert names(desk.get(page, {"class": "press"})) == []
    assert names(desk.get(page, {"delegation": jiangsu.pk})) == ["王小明"]


def test_those_who_left_are_not_in_the_list_but_can_be_asked_for(desk, url, add, now):
    gone = add("Gone")
    substituting.withdraw_member(delegate=gone, now=now)
    assert names(desk.get(url("delegate_list"))) == []
    assert names(desk.get(url("delegate_list"), {"state": "withdrawn"})) == ["Gone"]


@pytest.mark.parametrize(
    "screen", ["delegate_list", "accreditation", "badge_list", "import_list", "import_preview"]
)
def test_a_list_costs_the_same_for_one_and_for_three(  # noqa: PLR0917
    screen, desk, url, add, conference, organiser, now
):
    def one_more(number):
        add(f"Approved{number}", approve=True)
        add(f"Waiting{number}")
        return batches.load_file(
            conference=conference,
            delegation=Delegate.objects.first().delegation,
            file_name="x.csv",
            content=messy.as_csv(
                [["Name", "Title"], *([f"Ann L{n}ee", "Mayor"] for n in "abc"[:number])]
            ),
            actor=organiser,
            now=now,
        )

    counts = []
    for number in (1, 2, 3):
        batch = one_more(number)
        address = url(screen, batch.pk) if screen == "import_preview" else url(screen)
        desk.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_another_conferences_people_are_not_found(desk, url, other_conference):
    delegation = make_delegation(other_conference, "Oregon", "俄勒冈州", "US", "US-OR")
    foreign = Delegate.objects.create(
        conference=other_conference, delegation=delegation, family_name="Foreign"
    )
    batch = ImportBatch.objects.create(conference=other_conference, file_name="x", sha256="0")
    assert desk.get(url("delegate_detail", foreign.pk)).status_code == 404
    assert desk.get(url("import_preview", batch.pk)).status_code == 404
    assert desk.post(url("delegate_decide", foreign.pk), {"step": "approved"}).status_code == 404
    assert desk.post(url("badge_print"), {"delegate": foreign.pk}).status_code == 302
    other = reverse("delegates:delegate_list", args=[other_conference.slug])
    assert desk.get(other).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [("protocol", 200, 200), ("desk", 200, 404), ("programme", 404, 404), ("viewer", 404, 404)],
)
def test_who_may_read_and_who_may_edit(  # noqa: PLR0917
    role, reads, edits, client, conference, url, add
):
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(conference=conference, user=user, role=role)
    client.force_login(user)
    person = add("Lee", approve=True)
    assert client.get(url("delegate_list")).status_code == reads
    assert client.get(url("delegate_detail", person.pk)).status_code == reads
    for page in ("accreditation", "badge_list", "import_list", "import_new", "badge_pdf"):
        assert client.get(url(page)).status_code == edits
    assert client.get(url("delegate_edit", person.pk)).status_code == edits


def test_whoever_only_reads_sees_no_code(client, conference, url, add):
    user = User.objects.create_user("desk@example.org")
    Membership.objects.create(conference=conference, user=user, role="desk")
    client.force_login(user)
    page = client.get(url("delegate_detail", add("Lee", approve=True).pk)).content.decode()
    assert 'class="qr"' not in page
    assert "decision/" not in page


# --- one person ---


def test_a_person_is_entered_and_changed_by_hand(desk, url, california):
    form = {
        "delegation": california.pk,
        "given_name": "Ann",
        "family_name": "Lee",
        "title_en": "Mayor",
        "role": "head",
        "language": "en",
        "name_order": "given_first",
        "phone": "(916) 555-0100",
        "arrival_at": "2023-11-02T15:30",
    }
    answer = desk.post(url("delegate_new"), form)
    person = Delegate.objects.get()
    assert answer.url == url("delegate_detail", person.pk)
    assert (person.phone_e164, person.arrival_at.isoformat()) == (
        "+19165550100",
        "2023-11-02T07:30:00+00:00",
    )
    desk.post(url("delegate_edit", person.pk), form | {"title_en": "Vice Mayor", "rank": "2"})
    person.refresh_from_db()
    assert (person.title_en, person.rank) == ("Vice Mayor", 2)
    page = desk.get(url("delegate_detail", person.pk)).content.decode()
    assert "<del>Mayor</del>" in page


def test_a_form_without_a_name_keeps_what_was_typed(desk, url, california):
    answer = desk.post(
        url("delegate_new"), {"delegation": california.pk, "title_en": "Mayor of Somewhere"}
    )
    assert answer.status_code == 422
    assert "Mayor of Somewhere" in answer.content.decode()
    assert not Delegate.objects.exists()


def test_a_second_head_is_refused_beside_the_field(desk, url, add):
    add("Head", role="head")
    person = add("Lee")
    answer = desk.post(
        url("delegate_edit", person.pk),
        {"family_name": "Lee", "role": "head", "language": "en", "name_order": "given_first"},
    )
    assert answer.status_code == 422
    assert "already has a head" in str(answer.context["form"].errors["role"])


def test_the_head_is_replaced_with_one_button(desk, url, add):
    former, person = add("Head", role="head"), add("Lee")
    desk.post(url("delegate_head", person.pk))
    person.refresh_from_db()
    former.refresh_from_db()
    assert (person.role, former.role) == ("head", "member")


def test_steps_are_taken_from_the_persons_page(desk, url, add):
    person = add("Lee", submit=False)
    for step, reason, state in (
        ("submit", "", State.SUBMITTED),
        ("nominated", "photo", State.NOMINATED),
        ("submit", "", State.SUBMITTED),
        ("approved", "", State.APPROVED),
        ("refused", "security", State.REFUSED),
        ("withdrawn", "", State.WITHDRAWN),
        ("restore", "", State.NOMINATED),
    ):
        answer = desk.post(url("delegate_decide", person.pk), {"step": step, "reason": reason})
        assert answer.status_code == 302
        assert Accreditation.objects.get().state == state


def test_a_refusal_without_a_reason_is_asked_for_one(desk, url, add):
    person = add("Lee")
    for step in ("refused", "nominated"):
        answer = desk.post(url("delegate_decide", person.pk), {"step": step, "reason": " "})
        assert answer.status_code == 422
        assert answer.content.decode().count("Give a reason: the delegation will read it.") == 1
    assert Accreditation.objects.get().state == State.SUBMITTED


def test_a_step_decided_by_somebody_else_is_told(desk, url, add):
    person = add("Lee", approve=True)
    answer = desk.post(url("delegate_decide", person.pk), {"step": "approved"}, follow=True)
    assert "the accreditation is now “approved”" in answer.content.decode()


def test_a_step_leads_back_only_to_our_own_pages(desk, url, add):
    person = add("Lee")
    answer = desk.post(
        url("delegate_decide", person.pk),
        {"step": "approved", "next": "https://evil.example/"},
    )
    assert answer.url == url("delegate_detail", person.pk)


def test_a_substitute_is_entered_for_the_person(desk, url, add):
    former = add("Lee", role="head", approve=True)
    answer = desk.post(
        url("delegate_substitute", former.pk),
        {
            "family_name": "Cho",
            "title_en": "Vice Mayor",
            "role": "head",
            "language": "en",
            "name_order": "given_first",
        },
    )
    new = Delegate.objects.get(family_name="Cho")
    assert answer.url == url("delegate_detail", new.pk)
    assert (new.role, new.accreditation.state) == ("head", State.SUBMITTED)


def test_the_badge_class_is_changed(desk, url, add, press_class):
    person = add("Lee", approve=True)
    desk.post(url("delegate_class", person.pk), {"badge_class": press_class.pk})
    assert Badge.objects.get(revoked_at=None).badge_class == press_class


def test_a_lost_badge_is_replaced(desk, url, add):
    person = add("Lee", approve=True)
    desk.post(url("badge_replace", person.pk), {"reason": "lost in the bus"})
    assert Badge.objects.get(revoked_at=None).issue == 2
    assert Badge.objects.get(issue=1).revoked_reason == "lost in the bus"


def test_the_badge_is_sent_once_with_a_personal_link(desk, url, add):
    person = add("Lee", approve=True, email="lee@example.org")
    for _ in range(2):
        desk.post(url("badge_send", person.pk))
    letter = Message.objects.get()
    assert (letter.to_email, letter.key) == ("lee@example.org", f"badge:{Badge.objects.get().pk}")
    token = re.search(r"/me/link/([\w-]+)/", letter.body_text).group(1)
    link = PersonalLink.objects.get(token_hash=PersonalLink.hash_of(token))
    assert (link.delegate, link.purpose) == (person, "delegate")
    assert letter.subject in desk.get(url("delegate_detail", person.pk)).content.decode()


def test_a_chinese_reader_is_written_to_by_the_chinese_name(desk, url, add):
    person = add(
        "Cao", approve=True, email="cao@example.org", native_name="曹琳", language="zh-hans"
    )
    desk.post(url("badge_send", person.pk))
    letter = Message.objects.get()
    assert letter.to_name == "曹琳"
    assert letter.body_text.startswith("尊敬的曹琳：")


def test_a_badge_without_an_address_is_not_sent(desk, url, add):
    person = add("Lee", approve=True)
    answer = desk.post(url("badge_send", person.pk), follow=True)
    assert "There is no e-mail address" in answer.content.decode()
    assert not Message.objects.exists()


# --- the queue ---


def test_bulk_approval_asks_with_the_number_and_then_approves(desk, url, add):
    people = [add("One"), add("Two"), add("Three")]
    ids = [person.pk for person in people[:2]]
    asked = desk.post(url("accreditation_approve"), {"delegate": ids})
    assert "Approve 2 people?" in asked.content.decode()
    assert not Badge.objects.exists()
    desk.post(url("accreditation_approve"), {"delegate": ids, "confirmed": "yes"})
    assert Badge.objects.count() == 2
    assert [row[0] for row in desk.get(url("accreditation")).context["rows"]] == [people[2]]


def test_nobody_ticked_is_told(desk, url, add):
    answer = desk.post(url("accreditation_approve"), follow=True)
    assert "Tick the people" in answer.content.decode()


# --- badges ---


def test_looking_at_badges_notes_nothing_and_printing_does(desk, url, add, organiser):
    add("Lee", approve=True)
    looked = desk.get(url("badge_pdf"))
    assert (looked["Content-Type"], looked.content[:4]) == ("application/pdf", b"%PDF")
    assert Badge.objects.get().printed_at is None
    printed = desk.post(url("badge_print"), {"printed": "no"})
    assert printed.content[:4] == b"%PDF"
    assert Badge.objects.get().printed_by == organiser
    assert desk.post(url("badge_print"), {"printed": "no"}).status_code == 302


# --- lists ---


def upload(desk, url, content, name="list.csv", **fields):
    return desk.post(
        url("import_new"), {"file": SimpleUploadedFile(name, content), **fields}, follow=True
    )


def test_a_list_is_loaded_looked_at_applied_and_loaded_again(desk, url, california):
    page = upload(desk, url, messy.clean(), "list.xlsx")
    batch = ImportBatch.objects.get()
    assert "Apply 2 rows" in page.content.decode()
    assert not Delegate.objects.exists()
    desk.post(url("import_apply", batch.pk))
    assert Delegate.objects.count() == 2
    again = upload(desk, url, messy.clean(), "list.xlsx").content.decode()
    assert "This very file was already applied" in again
    assert "nothing to write" in again
    desk.post(url("import_apply", ImportBatch.objects.first().pk))
    assert Delegate.objects.count() == 2


def test_an_unreadable_file_is_refused_beside_the_field(desk, url, california):
    answer = desk.post(
        url("import_new"),
        {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.7"), "delegation": california.pk},
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [
        "This is a PDF. Send the list as .xlsx or .csv."
    ]
    assert f'<option value="{california.pk}" selected>' in answer.content.decode()


def test_a_refused_row_is_corrected_on_its_own_page_and_applied(desk, url, california):
    upload(
        desk,
        url,
        messy.as_csv([["Name", "Title"], ["TBD", "Mayor"], ["Ann Lee", "Mayor"]]),
        delegation=california.pk,
    )
    batch = ImportBatch.objects.get()
    desk.post(url("import_apply", batch.pk))
    row = url("import_row", batch.pk, 2)
    assert "TBD" in desk.get(row).content.decode()
    fields = {"delegation": california.pk, "title_en": "Mayor", "role": "member"}
    assert desk.post(row, fields).status_code == 422
    desk.post(row, fields | {"family_name": "Dow", "phone": "916 555 0100"})
    desk.post(url("import_apply", batch.pk))
    dow = Delegate.objects.get(family_name="Dow")
    assert (dow.title_en, dow.phone_e164) == ("Mayor", "+19165550100")
    assert desk.get(row).status_code == 404


def test_the_findings_are_read_in_the_readers_language(desk, url, california):
    upload(desk, url, messy.as_csv([["Name"], ["TBD"]]), delegation=california.pk)
    page = desk.get(
        url("import_preview", ImportBatch.objects.get().pk), headers={"accept-language": "zh-hans"}
    )
    assert "只是占位" in page.content.decode()


def test_a_list_can_be_discarded(desk, url, california):
    upload(desk, url, messy.bom(), delegation=california.pk)
    batch = ImportBatch.objects.get()
    desk.post(url("import_discard", batch.pk))
    batch.refresh_from_db()
    assert batch.state == "discarded"
    answer = desk.post(url("import_apply", batch.pk), follow=True)
    assert "was discarded" in answer.content.decode()


def test_the_template_and_the_exports_are_spreadsheets(desk, url, add):
    add("Lee")
    assert desk.get(url("import_template")).content[:2] == b"PK"
    assert desk.get(url("delegate_export_xlsx")).content[:2] == b"PK"
    text = desk.get(url("delegate_export_csv"), {"q": "lee"}).content
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"Lee" in text
    assert b"Lee" not in desk.get(url("delegate_export_csv"), {"q": "nobody"}).content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "screen", ["delegate_list", "accreditation", "badge_list", "import_list", "import_new"]
)
def test_an_empty_page_says_what_it_is_for(screen, language, desk, url, california):
    answer = desk.get(url(screen), headers={"accept-language": language})
    assert answer.status_code == 200


def test_hostile_names_are_shown_as_text(desk, url, add):
    person = add("<script>alert(1)</script>", native_name="\u202e'\"><img src=x>", approve=True)
    for page in (url("delegate_list"), url("delegate_detail", person.pk), url("badge_list")):
        text = desk.get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
