"""Mails that come back, in the forms in which servers and providers write them."""

import base64

from conference.models import Message
from conference.operations import mailing, returning


def report(
    message: Message,
    *,
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 no such user",
    action: str = "failed",
    to: str | None = None,
    recipient: str | None = None,
    number: int = 1,
) -> bytes:
    """A delivery report as RFC 3464 has it (Postfix, Gmail, Exchange Online)."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to or mailing.return_path(message)}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{message.pk}-{number}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient or message.to_email}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--B
Content-Type: text/rfc822-headers

From: noreply@plenary.example
{returning.HEADER}: {returning.token_of(message)}
Message-ID: {message.message_id}

--B--
""".encode()


def complaint(message: Message, kind: str = "abuse") -> bytes:
    """A complaint as RFC 5965 has it."""
    return f"""\
From: feedback@provider.example
To: abuse@plenary.example
Subject: Complaint
Message-ID: <complaint-{message.pk}@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an email abuse report.

--B
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1

--B
Content-Type: message/rfc822

{returning.HEADER}: {returning.token_of(message)}
Subject: Welcome

Good morning
--B--
""".encode()


def in_words(message: Message, words: str, *, sender: str, subject: str) -> bytes:
    """A letter in plain words, its text in base64 and GB18030 as Chinese providers send it."""
    body = base64.encodebytes(words.encode("gb18030")).decode()
    title = base64.b64encode(subject.encode("gb18030")).decode()
    return f"""\
From: {sender}
To: {mailing.return_path(message)}
Subject: =?gb18030?B?{title}?=
Message-ID: <words-{message.pk}@provider.example>
MIME-Version: 1.0
Content-Type: text/html; charset="gb18030"
Content-Transfer-Encoding: base64

{body}
""".encode()


def answer(message: Message, **headers: str) -> bytes:
    """What a person, or a person's absence, answers."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"""\
From: {message.to_email}
To: {mailing.return_path(message)}
Subject: Re: Welcome
{more}
I am away until 550 people have answered. User unknown.
""".encode()
