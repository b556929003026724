"""What each case means, in plain words: what recipients' servers make of it, and what to ask for.

Two sentences a case; the second is "" where there is nothing to do.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.operations.sender_domain.findings import Finding

Words = str | Promise
_SPF_VOID: Final = _(
    "SPF does not count at all: servers treat the letters as if anybody could have sent them, and "
    "some refuse them."
)
_LATER: Final = _(
    "The DNS did not answer, so nobody can say. Letters are not affected by this look."
)
_LOOK_AGAIN: Final = _("Look again in a few minutes; if it stays so, ask who runs this server.")
_UNSIGNED: Final = _(
    "Servers cannot check the signature, so the letters count as unsigned: large providers put "
    "such mail into the junk folder or refuse it."
)
_NEW_KEY: Final = _("Ask whoever runs the mail relay for a new key pair, and publish its record.")

CASES: Final[dict[str, tuple[Words, Words]]] = {
    "spf_good": (
        _("Servers can tell which machines may send for this domain, and suspect all others."),
        "",
    ),
    "spf_strict": (
        _("Servers can tell which machines may send for this domain, and refuse all others."),
        "",
    ),
    "spf_missing": (
        _(
            "Servers cannot tell which machines may send for this domain. Large providers put such "
            "mail into the junk folder or refuse it."
        ),
        _(
            "Ask the administrator of the DNS to add this record. If your mail provider names "
            "another one, take theirs."
        ),
    ),
    "spf_several": (
        _SPF_VOID,
        _("There may be one SPF record only. Ask to replace all of them by this one."),
    ),
    "spf_too_many_lookups": (
        _SPF_VOID,
        _(
            "The record makes servers ask the DNS more than %(most)s times. Ask to remove includes "
            "of services that no longer send, or to write their addresses (ip4:, ip6:) instead."
        ),
    ),
    "spf_loop": (
        _SPF_VOID,
        _("The includes lead back to %(about)s, without an end. Ask to take one of them out."),
    ),
    "spf_not_readable": (
        _SPF_VOID,
        _("This part cannot be read: %(about)s. Ask to correct it."),
    ),
    "spf_include_missing": (
        _SPF_VOID,
        _("It includes %(about)s, which has no SPF record. Ask to take that include out."),
    ),
    "spf_include_several": (
        _SPF_VOID,
        _("It includes %(about)s, which has several SPF records. Ask its owner for one only."),
    ),
    "spf_everybody": (
        _("Everybody in the world may send for this domain, so servers trust it little."),
        _("Ask to replace the record by this one, which ends in ~all."),
    ),
    "spf_open_end": (
        _("The record names machines, but says nothing of all others, so it protects little."),
        _("Ask to replace the record by this one, which ends in ~all."),
    ),
    "spf_without_relay": (
        _("The relay that sends the letters (%(about)s) is not among those that may."),
        _("Ask to replace the record by this one."),
    ),
    "spf_no_answer": (_LATER, _LOOK_AGAIN),
    "spf_include_no_answer": (
        _("The DNS did not answer for an include (%(about)s), so nobody can say."),
        _LOOK_AGAIN,
    ),
    "dkim_unnamed": (
        _(
            "Nobody has told Plenary with which key the letters are signed, so it cannot be known "
            "from here. Large providers expect a signature."
        ),
        _(
            "Ask whoever runs the mail relay for the selector of its key, and set it as "
            "PLENARY_DKIM_SELECTORS."
        ),
    ),
    "dkim_good": (_("Servers can check that a letter was signed and not changed on its way."), ""),
    "dkim_missing": (
        _UNSIGNED,
        _(
            "Ask to add a record with this name. Its text is what your mail relay shows as the "
            "public key, in place of the dots; some relays ask for an alias (CNAME) instead."
        ),
    ),
    "dkim_several": (_UNSIGNED, _("There may be one record only at this name. Ask for that.")),
    "dkim_revoked": (_UNSIGNED, _NEW_KEY),
    "dkim_not_readable": (
        _UNSIGNED,
        _("The record cannot be read as a key. Ask to publish it as the mail relay shows it."),
    ),
    "dkim_short": (
        _("A key of %(bits)s bits is too short: servers take the letters as unsigned."),
        _NEW_KEY,
    ),
    "dkim_testing": (
        _("The key is marked as a test (t=y), so servers may take the letters as unsigned."),
        _("Ask to take t=y out of the record."),
    ),
    "dkim_no_answer": (_LATER, _LOOK_AGAIN),
    "dmarc_reject": (
        _("Servers are asked to refuse letters for which neither SPF nor DKIM vouches."),
        "",
    ),
    "dmarc_quarantine": (
        _("Servers are asked to put letters for which nothing vouches into the junk folder."),
        "",
    ),
    "dmarc_none": (
        _(
            "Servers are only asked to report. Letters are not held back, but forged invitations "
            "are not either."
        ),
        _("Once SPF and DKIM are in order, ask to replace the record by this one."),
    ),
    "dmarc_missing": (
        _(
            "Servers are told nothing. Large providers refuse mailings from domains without this "
            "record, and anybody can forge an invitation."
        ),
        _("Ask the administrator of the DNS to add this record. It holds back nothing."),
    ),
    "dmarc_several": (
        _("With several DMARC records servers take none of them."),
        _("There may be one record only at this name. Ask for that."),
    ),
    "dmarc_not_readable": (
        _("Servers cannot read the policy (p=), so they take no notice of the record."),
        _("Ask to correct it: p must be none, quarantine or reject."),
    ),
    "dmarc_no_answer": (_LATER, _LOOK_AGAIN),
    "fit_good": (_("%(parts)s vouches for the domain that recipients see."), ""),
    "fit_no_answer": (_LATER, _LOOK_AGAIN),
    "fit_none": (
        _(
            "Nothing vouches for the domain that recipients see: neither is SPF for it in order, "
            "nor is a key of it known. Large providers may refuse a mailing."
        ),
        _(
            "Set PLENARY_BOUNCE_ADDRESS to an address of the sender's domain that has SPF, or sign "
            "with a key of it."
        ),
    ),
    "fit_none_quarantine": (
        _(
            "The letters will go to the junk folder: DMARC asks for it, and nothing vouches for "
            "them."
        ),
        _(
            "Set PLENARY_BOUNCE_ADDRESS to an address of the sender's domain that has SPF, or sign "
            "with a key of it."
        ),
    ),
    "fit_none_reject": (
        _("The letters will be refused: DMARC asks for it, and nothing vouches for them."),
        _(
            "Set PLENARY_BOUNCE_ADDRESS to an address of the sender's domain that has SPF, or sign "
            "with a key of it."
        ),
    ),
}


def told(finding: Finding) -> tuple[str, str]:
    """Return what the case means and what to do about it, in the active language."""
    consequence, advice = CASES[finding.code]
    return _filled(consequence, finding), _filled(advice, finding)


def _filled(words: Words, finding: Finding) -> str:
    return str(words) % finding.facts if finding.facts else str(words)
