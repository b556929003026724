"""How far the mailbox of bounces was read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReadMailbox(models.Model):
    """One mailbox, and the newest mail up to which everything in it was read."""

    name = models.CharField(_("mailbox"), max_length=320, unique=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("mailbox of bounces")
        verbose_name_plural = _("mailboxes of bounces")

    def __str__(self) -> str:
        return self.name

    def read_up_to(self, *, validity: int, uid: int) -> None:
        """Note that all is read up to this mail, never backwards within one numbering."""
        ReadMailbox.objects.filter(
            ~Q(uid_validity=validity) | Q(last_uid__lt=uid), pk=self.pk
        ).update(uid_validity=validity, last_uid=uid)
