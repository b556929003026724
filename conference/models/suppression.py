"""Addresses to which a conference no longer writes, each with the reason."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference
from conference.models.message import Message


class Suppression(models.Model):
    """One reason not to write to one address; several may hold at once, and each ends by itself."""

    class Reason(models.TextChoices):
        """Why nothing is sent, the gravest first."""

        HARD_BOUNCE = "hard_bounce", _("the address does not work")
        BY_HAND = "by_hand", _("blocked by the organiser")
        COMPLAINT = "complaint", _("reported as unwanted")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="suppressions"
    )
    address = models.EmailField(_("e-mail address"), max_length=320)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    since = models.DateTimeField(_("since"))
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("The words of the server, or of whoever decided.")
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")
        ordering: ClassVar = ["-since", "-id"]
        constraints: ClassVar = [
            # With the one below: once, however the address is written.
            models.UniqueConstraint(
                fields=["conference", "address", "reason"], name="suppression_once_for_each_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="suppression_in_small_letters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.get_reason_display()})"

    @staticmethod
    def form_of(address: str) -> str:
        """Return the address in the form in which it is kept and compared.

        A domain in letters of any script becomes the one that mail servers speak of
        (``bücher.example``: ``xn--bcher-kva.example``).
        """
        local, at, domain = address.strip().lower().rpartition("@")
        try:
            return f"{local}{at}{punycode(domain)}"
        except UnicodeError:
            return f"{local}{at}{domain}"
