"""That somebody has read a letter in the inbox of their own pages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.message import Message


class LetterReading(models.Model):
    """A letter has one recipient, so it is read or it is not."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="reading")
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("letter that was read")
        verbose_name_plural = _("letters that were read")
        ordering: ClassVar = ["-read_at"]

    def __str__(self) -> str:
        return f"{self.message_id}"
