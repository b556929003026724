"""Badges: issuing, replacing, drawing and their print log.

What a badge's code says is derived each time from the conference's secret; see CP1, section 1.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, User
from conference.operations import auditing
from delegates.documents import badge_code, badge_keys
from delegates.documents.badge import BadgeFace, Paper, badge_picture, badge_sheet
from delegates.errors import NoValidBadge
from delegates.models import Accreditation, Badge, CredentialAuthority, Delegate, SigningKey
from delegates.operations.stepping import Deed

LAST_ISSUE = 255


def authority_of(conference: Conference) -> CredentialAuthority:
    """Return the conference's secret, made on first use; two first users get the same one."""
    authority, _is_new = CredentialAuthority.objects.get_or_create(
        conference=conference, defaults={"secret": badge_keys.new_conference_secret()}
    )
    return authority


def signing_key_of(conference: Conference) -> SigningKey:
    """Return the key that signs new badges: the newest active one, made on first use."""
    key = conference.signing_keys.filter(active=True).order_by("-key_id").first()
    if key is not None:
        return key
    scalar = badge_keys.new_signing_key()
    newest = conference.signing_keys.aggregate(newest=Max("key_id"))["newest"] or 0
    key, _is_new = SigningKey.objects.get_or_create(
        conference=conference,
        key_id=newest + 1,
        defaults={"private_key": scalar, "point": badge_keys.public_point(scalar)},
    )
    return key


def valid_badge_of(delegate: Delegate) -> Badge:
    """Return the delegate's valid badge; raises NoValidBadge."""
    badge = delegate.badges.filter(revoked_at=None).select_related("badge_class").first()
    if badge is None:
        raise NoValidBadge
    return badge


@transaction.atomic
def issue_badge(
    *,
    delegate: Delegate,
    now: datetime,
    provisional: bool = False,
    actor: User | None = None,
    actor_label: str = "",
) -> Badge:
    """Return the valid badge of an approved delegate, issuing one where there is none.

    A repeat returns the same badge. Raises NoValidBadge if the delegate is not approved.
    """
    accreditation = (
        Accreditation.objects.filter(delegate=delegate, state=Accreditation.State.APPROVED)
        .select_related("delegate__conference")
        .first()
    )
    if accreditation is None:
        raise NoValidBadge(_("A badge is issued once the accreditation is approved."))
    badge = delegate.badges.filter(revoked_at=None).first()
    if badge is not None:
        return badge
    try:
        with transaction.atomic():
            badge = _new_badge(accreditation=accreditation, provisional=provisional, now=now)
    except IntegrityError:
        # Somebody else issued it in the same instant; the constraint let one through.
        return valid_badge_of(delegate)
    _record("badge.issue", badge, Deed(now=now, actor=actor, label=actor_label))
    return badge


@transaction.atomic
def revoke_badge(
    *,
    delegate: Delegate,
    reason: str,
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Badge | None:
    """Make the delegate's valid badge void and return it, or None if there was none."""
    badge = delegate.badges.filter(revoked_at=None).first()
    if badge is None or not Badge.objects.filter(pk=badge.pk, revoked_at=None).update(
        revoked_at=now, revoked_reason=reason[:200]
    ):
        return None
    badge.refresh_from_db()
    _record("badge.revoke", badge, Deed(now=now, actor=actor, label=actor_label), reason=reason)
    return badge


@transaction.atomic
def replace_badge(
    *,
    delegate: Delegate,
    reason: str,
    now: datetime,
    provisional: bool = False,
    actor: User | None = None,
    actor_label: str = "",
) -> Badge:
    """Make the former badge void and issue the next one; raises NoValidBadge if not approved."""
    revoke_badge(delegate=delegate, reason=reason, now=now, actor=actor, actor_label=actor_label)
    return issue_badge(
        delegate=delegate,
        now=now,
        provisional=provisional,
        actor=actor,
        actor_label=actor_label,
    )


def badge_code_text(badge: Badge) -> str:
    """Return the text of the badge's QR code, 135 characters; the same each time it is drawn."""
    return badge_code_texts([badge])[badge.pk]


def badge_code_texts(badges: Sequence[Badge]) -> dict[int, str]:
    """Return the QR texts of badges of one conference by their ids, keys being read once."""
    if not badges:
        return {}
    conference = badges[0].conference
    secret = bytes(authority_of(conference).secret)
    signing = signing_key_of(conference)
    key = badge_keys.load_signing_key(bytes(signing.private_key))
    return {
        badge.pk: badge_code.write(
            badge_code.Payload(
                key_id=signing.key_id,
                conference=conference.pk,
                secret=badge_keys.badge_secret(secret, badge.delegate.uid, badge.issue),
                issue=badge.issue,
                qr_class=badge.badge_class.number,
            ),
            key,
        )
        for badge in badges
    }


def valid_badges(conference: Conference) -> QuerySet[Badge]:
    """Return all valid badges with what is drawn on them, by delegation and precedence."""
    return (
        Badge.objects.filter(conference=conference, revoked_at=None)
        .select_related("conference", "badge_class", "delegate__delegation")
        .order_by(
            "delegate__delegation__precedence",
            "delegate__delegation__name_en",
            "delegate__delegation_id",
            "delegate__rank",
            "delegate__family_name",
            "delegate_id",
        )
    )


def draw_badges(badges: Sequence[Badge], *, paper: str = Paper.A6) -> bytes:
    """Return a PDF with one page for each of these valid badges; raises NoValidBadge for none."""
    if not badges:
        raise NoValidBadge(_("There is no valid badge to print here yet."))
    codes = badge_code_texts(badges)
    return badge_sheet([BadgeFace.of(badge, codes[badge.pk]) for badge in badges], paper=paper)


def picture_badge(badge: Badge, *, paper: str = Paper.A6) -> bytes:
    """Return a valid badge as an SVG of the size of the paper."""
    return badge_picture(BadgeFace.of(badge, badge_code_text(badge)), paper=paper)


@transaction.atomic
def log_printing(
    *, badges: Iterable[Badge], now: datetime, actor: User | None, actor_label: str = ""
) -> int:
    """Note that these badges were handed out for printing; return how many."""
    count = 0
    for badge in badges:
        badge.printed_at, badge.printed_by = now, actor
        badge.save(update_fields=["printed_at", "printed_by"])
        _record("badge.print", badge, Deed(now=now, actor=actor, label=actor_label))
        count += 1
    return count


def _new_badge(*, accreditation: Accreditation, provisional: bool, now: datetime) -> Badge:
    delegate = accreditation.delegate
    last = delegate.badges.aggregate(last=Max("issue"))["last"] or 0
    if last >= LAST_ISSUE:
        raise NoValidBadge(_("This person has had too many badges. Enter the person anew."))
    secret = badge_keys.badge_secret(
        bytes(authority_of(delegate.conference).secret), delegate.uid, last + 1
    )
    # The key is made with the first badge, so that phones know it before they see one.
    signing_key_of(delegate.conference)
    return Badge.objects.create(
        delegate=delegate,
        conference=delegate.conference,
        badge_class_id=accreditation.badge_class_id,
        issue=last + 1,
        provisional=provisional,
        lookup=badge_keys.lookup_of(secret),
        issued_at=now,
    )


def _record(action: str, badge: Badge, deed: Deed, *, reason: str = "") -> None:
    auditing.record(
        action=action,
        target=badge.delegate,
        conference=badge.conference,
        actor=deed.actor,
        actor_label=deed.label,
        after={"issue": badge.issue},
        reason=reason,
        now=deed.now,
    )
