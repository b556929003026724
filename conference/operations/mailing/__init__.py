"""Mail, each letter once. The row is the truth; the broker only wakes a worker sooner.

A letter is claimed with a lease before it is sent, marked right before its text goes over the
line, and marked as sent right after the server took it. What a crash leaves between the marks is
sent again under the same Message-ID or held for a person, as its mailing says.
"""

from conference.operations.mailing.addressing import AddressNow, follow_address, goes_to
from conference.operations.mailing.answers import storable
from conference.operations.mailing.attachments import (
    Has,
    Make,
    Packed,
    Parcel,
    Shown,
    attachments_of,
    content_of,
    make_attachments,
    name_of,
    pack,
    shown,
)
from conference.operations.mailing.attempts import RETRY_LADDER, retry_after
from conference.operations.mailing.claiming import (
    HANDFUL,
    claim,
    claim_handful,
    hold_doubtful,
    lease,
)
from conference.operations.mailing.composing import (
    Foot,
    add_foot,
    add_headers,
    compose,
    return_path,
    return_to,
)
from conference.operations.mailing.deciding import (
    failed_of,
    lost_of,
    may_retry,
    retry,
    retry_all,
    settle,
)
from conference.operations.mailing.fates import (
    CAME_BACK,
    FATES,
    TEXTED,
    come_back,
    count_back,
    counted_by_fate,
    of_fate,
    with_fates,
)
from conference.operations.mailing.finishing import finish_mailings
from conference.operations.mailing.letters import Enclosure, Letter
from conference.operations.mailing.looks import (
    EVERY_PURPOSE,
    Ending,
    LastLook,
    is_occasion_gone,
    look_before_sending,
)
from conference.operations.mailing.outbox import (
    enqueue,
    enqueue_all,
    record_unaddressed,
    revive,
)
from conference.operations.mailing.outcomes import Follower, Outcome, on_outcome, tell
from conference.operations.mailing.recipients import OtherWay, Recipient, find_recipients, recipient
from conference.operations.mailing.rules import explain, words
from conference.operations.mailing.sending import Clock, Turn, deliver, send_due
from conference.operations.mailing.sources import source_of, without_links
from conference.operations.mailing.steps import (
    explained,
    last_words,
    letters_of,
    reasons_of,
    record_step,
    record_steps,
    steps_of,
    with_steps,
)
from conference.operations.mailing.sweeping import due_message_ids, is_something_left, sweep
from conference.operations.mailing.waking import (
    DELIVER_TASK,
    SEND_DUE_TASK,
    announce,
    follow_letters,
    wake,
    wake_lanes,
)

__all__ = [
    "CAME_BACK",
    "DELIVER_TASK",
    "EVERY_PURPOSE",
    "FATES",
    "HANDFUL",
    "RETRY_LADDER",
    "SEND_DUE_TASK",
    "TEXTED",
    "AddressNow",
    "Clock",
    "Enclosure",
    "Ending",
    "Follower",
    "Foot",
    "Has",
    "LastLook",
    "Letter",
    "Make",
    "OtherWay",
    "Outcome",
    "Packed",
    "Parcel",
    "Recipient",
    "Shown",
    "Turn",
    "add_foot",
    "add_headers",
    "announce",
    "attachments_of",
    "claim",
    "claim_handful",
    "come_back",
    "compose",
    "content_of",
    "count_back",
    "counted_by_fate",
    "deliver",
    "due_message_ids",
    "enqueue",
    "enqueue_all",
    "explain",
    "explained",
    "failed_of",
    "find_recipients",
    "finish_mailings",
    "follow_address",
    "follow_letters",
    "goes_to",
    "hold_doubtful",
    "is_occasion_gone",
    "is_something_left",
    "last_words",
    "lease",
    "letters_of",
    "look_before_sending",
    "lost_of",
    "make_attachments",
    "may_retry",
    "name_of",
    "of_fate",
    "on_outcome",
    "pack",
    "reasons_of",
    "recipient",
    "record_step",
    "record_steps",
    "record_unaddressed",
    "retry",
    "retry_after",
    "retry_all",
    "return_path",
    "return_to",
    "revive",
    "send_due",
    "settle",
    "shown",
    "source_of",
    "steps_of",
    "storable",
    "sweep",
    "tell",
    "wake",
    "wake_lanes",
    "with_fates",
    "with_steps",
    "without_links",
    "words",
]
