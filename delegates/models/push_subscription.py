"""A browser in which a delegate has allowed notices."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Language
from delegates.models.delegate import Delegate


class PushSubscription(models.Model):
    """Where one browser gets its notices. It belongs to whoever allowed them there last."""

    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(_("address at the push service"), max_length=1000, unique=True)
    p256dh = models.CharField(_("public key"), max_length=120)
    auth = models.CharField(_("shared secret"), max_length=40)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("browser with notices")
        verbose_name_plural = _("browsers with notices")
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.delegate}: {self.service}"

    @property
    def service(self) -> str:
        """The host that takes its pushes."""
        return self.endpoint.partition("//")[2].partition("/")[0]
