"""Seats in sessions."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from delegates.models import Delegate
from sessions.models.session import Session


class Enrolment(models.Model):
    """A delegate's seat in a session, or the place in its waiting list.

    ``Session.seats_taken`` counts the rows in state ``SEAT``; both move in one transaction.
    """

    class State(models.TextChoices):
        """What the delegate has."""

        SEAT = "seat", _("seat taken")
        WAITING = "waiting", _("on the waiting list")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="enrolments")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SEAT)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering: ClassVar = ["session", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "delegate"], name="enrolment_unique")
        ]

    def __str__(self) -> str:
        return f"{self.delegate} · {self.session}"
