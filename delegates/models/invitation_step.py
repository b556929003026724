"""What happened to an invitation, step by step: when, through whom, on which way."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Message, User
from delegates.models.invitation import Invitation


class InvitationStep(models.Model):
    """One step of one invitation. Steps are only added; the invitation's state follows them."""

    class Kind(models.TextChoices):
        """What happened."""

        SENT = "sent", _("Letter sent")
        DELIVERED = "delivered", _("Letter delivered")
        BOUNCED = "bounced", _("Letter came back")
        OPENED = "opened", _("Opened by the link")
        ACCEPTED = "accepted", _("Accepted")
        TENTATIVE = "tentative", _("May come")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Deadline passed without an answer")
        DEADLINE = "deadline", _("New deadline")
        REOPENED = "reopened", _("Opened again for an answer")
        LOCKED = "locked", _("Locked to the addressee")
        SHUT = "shut", _("Shut: too many wrong codes")
        UNLOCKED = "unlocked", _("Open to whoever has the link")
        HANDED_OVER = "handed_over", _("Handed to a deputy")
        TAKEN_BACK = "taken_back", _("Taken back from the deputy")

    class Party(models.TextChoices):
        """Through whom it happened."""

        FOCAL_POINT = "focal_point", _("focal point")
        DEPUTY = "deputy", _("deputy")
        ORGANISER = "organiser", _("organiser")
        SYSTEM = "system", _("by itself")

    class Way(models.TextChoices):
        """How it reached us."""

        LINK = "link", _("by the link")
        ACCOUNT = "account", _("with an account")
        TELEPHONE = "telephone", _("by telephone")
        PAPER = "paper", _("on paper")
        MAIL = "mail", _("by e-mail")

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="steps", verbose_name=_("invitation")
    )
    kind = models.CharField(pgettext_lazy("thing", "kind"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("time"))
    party = models.CharField(
        _("through"), max_length=12, choices=Party.choices, default=Party.SYSTEM
    )
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, blank=True)
    who = models.CharField(_("who"), max_length=254, blank=True)
    note = models.TextField(_("note"), blank=True)
    actor = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
    )

    class Meta:
        verbose_name = _("step of an invitation")
        verbose_name_plural = _("steps of invitations")
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            # The same report read twice, from a mailbox and from a webhook, counts once.
            models.UniqueConstraint(
                fields=["invitation", "message", "kind"], name="invitation_step_once_per_letter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.kind}"
