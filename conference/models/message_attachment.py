"""What travels with a letter: a file that is kept, or one that is made when the letter leaves."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models.campaign import Campaign
from conference.models.message import Message

#: The most bytes of a file that is kept for a mailing: it goes into every letter.
LARGEST_FILE = 5 * 1024 * 1024


class MessageAttachment(models.Model):
    """A file with one letter, or with every letter of a mailing.

    Either its bytes are kept here, or ``maker`` names who makes them when a letter leaves
    (``mailing.make_attachments``) from ``about``, which says of what.
    """

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    file_name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("content type"), max_length=100)
    content = models.BinaryField(_("content"), null=True, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0, help_text=_("In bytes, if kept."))
    sha256 = models.CharField(max_length=64, blank=True, default="")
    maker = models.CharField(_("made by"), max_length=60, blank=True)
    about = models.CharField(_("made from"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(message=None, campaign__isnull=False)
                | Q(message__isnull=False, campaign=None),
                name="attachment_belongs_to_one",
            ),
            models.CheckConstraint(
                condition=Q(content=None) & ~Q(maker="") | Q(content__isnull=False, maker=""),
                name="attachment_is_kept_or_made",
            ),
            models.UniqueConstraint(
                fields=["campaign", "maker"],
                condition=Q(campaign__isnull=False) & ~Q(maker=""),
                name="mailing_has_each_made_file_once",
            ),
            # Whatever is pressed twice: the same content is one file of a mailing.
            models.UniqueConstraint(
                fields=["campaign", "sha256"],
                condition=Q(campaign__isnull=False) & ~Q(sha256=""),
                name="mailing_has_each_kept_file_once",
            ),
            models.CheckConstraint(
                condition=Q(campaign=None) | Q(size__lte=LARGEST_FILE),
                name="mailing_has_small_files",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
