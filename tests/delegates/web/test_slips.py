from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from delegates.documents.reply_slip import Slip, reference_of, reply_slip
from delegates.models import AnswerScan, Invitation, PersonalLink
from tests.delegates.inviting_cast import invite_for_coming_days, link_to
from tests.support.files import PDF


@pytest.fixture
def invitation(california):
    return invite_for_coming_days(california)


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(invitation, page, *more):
    slug = invitation.conference.slug
    return reverse(f"delegates:{page}", args=[slug, invitation.delegation_id, *more])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_focal_point_gets_the_slip_in_either_language(client, invitation, language):
    token = link_to(invitation, now=timezone.now()).token
    url = reverse("delegates:focal_slip", kwargs={"token": token})
    answer = client.get(url, {"language": language})
    assert answer.content.startswith(b"%PDF")
    name = f"reply-slip-california-{language}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert PersonalLink.objects.count() == 1
    assert Invitation.objects.get().state == "sent"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_slip_is_one_page_whatever_is_known(invitation, language):
    invitation.state, invitation.know_by = "tentative", timezone.now().date()
    pages = reply_slip(
        Slip(
            invitation=invitation,
            delegation=invitation.delegation,
            head=None,
            people=3,
            url="https://plenary.example/delegation/link/abcdefghijklmnopqrstuvwxyz012345/",
        ),
        language=language,
    )
    assert pages.count(b"/Type /Page\n") + pages.count(b"/Type/Page\n") <= 1
    assert reference_of(invitation).startswith("TEST-2023 / ")


def test_the_organiser_prints_a_slip_with_a_link_of_its_own(desk, invitation):
    answer = desk.post(at(invitation, "delegation_slip"), {"language": "zh-hans"})
    assert answer["Content-Type"] == "application/pdf"
    assert PersonalLink.objects.get().invitation == invitation


def test_a_scan_is_taken_with_the_answer_and_given_out_as_a_file_only(desk, invitation):
    desk.post(
        at(invitation, "delegation_answer"),
        {
            "reply": "accepted",
            "note": "Fax, 2 October",
            "way": "paper",
            "scan": SimpleUploadedFile("../../evil.html", PDF, "text/html"),
        },
    )
    scan = AnswerScan.objects.get()
    answer = desk.get(at(invitation, "delegation_scan", scan.step_id))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="answer-{scan.step_id}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    page = desk.get(at(invitation, "delegation_detail")).content.decode()
    assert "Scan of the slip" in page


def test_a_file_that_only_calls_itself_a_pdf_is_refused_beside_its_field(desk, invitation):
    fake = BytesIO(b"<html>")
    fake.name = "slip.pdf"
    answer = desk.post(
        at(invitation, "delegation_answer"),
        {"reply": "accepted", "note": "Fax from Ms. Lee", "way": "paper", "scan": fake},
    )
    assert answer.status_code == 422
    assert answer.context["answer_form"].errors["scan"]
    assert "Fax from Ms. Lee" in answer.content.decode()
    assert Invitation.objects.get().state == "sent"
