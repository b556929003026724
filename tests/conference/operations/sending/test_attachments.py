"""What travels with a letter, and what happens when it cannot be made."""

from conference.models import Message, MessageAttachment
from conference.operations import mailing
from conference.operations.mailing import Enclosure
from tests.conference.operations.sending.letters import send, states, write


def test_attachments_travel_with_the_letter_and_with_the_whole_mailing(suzhou, server, mailing_of):
    campaign = mailing_of()
    MessageAttachment.objects.create(
        campaign=campaign, file_name="map.txt", content_type="text/plain", content=b"map"
    )
    mailing.make_attachments(
        maker="test_pass", make=lambda _message, about: f"for {about}".encode()
    )
    write(
        suzhou,
        "anna",
        campaign=campaign,
        recipient="delegate:12",
        enclosures=(
            Enclosure(file_name="a.pdf", content_type="application/pdf", content=b"%PDF"),
            Enclosure(file_name="b.bin", content_type="application/x-b", maker="test_pass"),
        ),
    )
    send()
    parts = {
        part.get_filename(): part.get_content() for part in server.messages[0].iter_attachments()
    }
    assert parts == {"map.txt": "map", "a.pdf": b"%PDF", "b.bin": b"for delegate:12"}


def test_a_letter_whose_attachment_cannot_be_made_fails_alone_and_says_so(suzhou, server):
    write(
        suzhou,
        "anna",
        enclosures=(Enclosure(file_name="c.pdf", content_type="a/b", maker="nobody"),),
    )
    write(suzhou, "bo")
    send()
    assert states() == {"Anna": "failed", "Bo": "sent"}
    failed = Message.objects.get(to_name="Anna")
    assert failed.server_answer == "The attachment c.pdf could not be made."
