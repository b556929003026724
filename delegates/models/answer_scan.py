"""The paper behind an answer: a scan of the slip that came by post or fax."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from delegates.models.invitation_step import InvitationStep


class AnswerScan(models.Model):
    """The scan that belongs to one answer. It is kept with the rows, behind their rights."""

    class Type(models.TextChoices):
        """What the content itself was found to be, whatever its name says."""

        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"

    step = models.OneToOneField(
        InvitationStep, on_delete=models.CASCADE, related_name="scan", verbose_name=_("answer")
    )
    content = models.BinaryField()
    content_type = models.CharField(_("file type"), max_length=20, choices=Type.choices)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("scan of a reply slip")
        verbose_name_plural = _("scans of reply slips")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0, size__lte=5 * 1024 * 1024), name="scan_is_small"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_content_type_display()} {self.sha256[:8]}"

    @property
    def file_name(self) -> str:
        """The name under which it is given out: ours, not the sender's."""
        ending = "pdf" if self.content_type == self.Type.PDF else "jpg"
        return f"answer-{self.step_id}.{ending}"
