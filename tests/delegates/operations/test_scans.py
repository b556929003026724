import pytest

from conference.models import AuditEntry
from delegates.errors import ScanRefused
from delegates.models import AnswerScan, Invitation
from delegates.operations import answering, scans
from tests.delegates.inviting_cast import NOW, invite
from tests.support.files import JPEG, PDF


@pytest.mark.parametrize(("content", "found"), [(PDF, "application/pdf"), (JPEG, "image/jpeg")])
def test_a_scan_is_known_by_what_it_is(content, found):
    assert scans.type_of(content) == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n",
        PDF.removesuffix(b"%%EOF\n"),
        b"junk" + PDF,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\xff\xff\xff\xd9",
        PDF + b"\0" * scans.LARGEST + b"%%EOF",
    ],
)
def test_what_is_cut_off_too_large_or_something_else_is_refused(content):
    with pytest.raises(ScanRefused):
        scans.type_of(content)


def test_an_answer_on_paper_is_kept_with_its_scan_and_told_in_the_record(california, organiser):
    invitation = invite(california)
    answering.record_answer(
        delegation=california,
        reply="accepted",
        note="Fax of the Governor's office, 2 October",
        way="paper",
        scan=PDF,
        now=NOW,
        actor=organiser,
    )
    scan = AnswerScan.objects.get()
    assert (scan.step.way, scan.step.party) == ("paper", "organiser")
    assert (bytes(scan.content), scan.size) == (PDF, len(PDF))
    assert AuditEntry.objects.get().after == {
        "state": "accepted",
        "way": "paper",
        "scan_sha256": scan.sha256,
    }
    assert Invitation.objects.get(pk=invitation.pk).answered_by == organiser.email


def test_a_wrong_scan_takes_the_whole_answer_back(california, organiser):
    invite(california)
    with pytest.raises(ScanRefused):
        answering.record_answer(
            delegation=california,
            reply="accepted",
            note="Ms. Lee",
            scan=b"GIF89a",
            now=NOW,
            actor=organiser,
        )
    assert Invitation.objects.get().state == "sent"
