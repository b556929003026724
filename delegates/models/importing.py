"""Loaded spreadsheets and what was found in each of their rows."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from delegates.models.delegate import Delegate
from delegates.models.delegation import Delegation


class ImportBatch(models.Model):
    """One loaded spreadsheet. Its rows stay, also those that were not applied."""

    class State(models.TextChoices):
        """How far the load is."""

        PREVIEW = "preview", _("preview")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="import_batches"
    )
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="import_batches",
        help_text=_("Empty when the file has a column for the delegation."),
    )
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PREVIEW
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta:
        verbose_name = _("loaded list")
        verbose_name_plural = _("loaded lists")
        ordering: ClassVar = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row: what stood in the file, what was read from it, what was found."""

    class Action(models.TextChoices):
        """What applying the row does."""

        CREATE = "create", _("new person")
        UPDATE = "update", _("changes a person")
        UNCHANGED = "unchanged", _("nothing new")
        SKIP = "skip", _("not a person")
        REFUSED = "refused", _("needs a hand")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row in the file"))
    raw = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    findings = models.JSONField(
        default=list,
        help_text=_("Each {level: error|warning|note, column, message_en, message_zh}."),
    )
    action = models.CharField(_("what happens"), max_length=10, choices=Action.choices)
    delegate = models.ForeignKey(
        Delegate, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of a list")
        ordering: ClassVar = ["batch", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.number}"
