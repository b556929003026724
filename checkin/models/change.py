"""What has changed for phones, in an order that no transaction can slip through."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """A mark that triggers set, whoever writes and however: phones must hear of this.

    Which columns are filled says what the mark is about: ``delegate`` one person's badges and
    cards; with ``zone`` that her or his presence there was deleted; with ``session`` her or his
    seat in it; ``session`` alone the zones of that session, thus all who have a seat in it;
    ``conference`` with ``lookup`` a badge that is no more, without it everything.
    They are plain numbers, since a mark outlives what it names.

    ``changed_in`` is the id of the transaction on PostgreSQL, on SQLite, where writers come one
    by one, the count of :class:`ChangeClock`.
    """

    changed_in = models.BigIntegerField(db_index=True)
    marked_at = models.DateTimeField(db_index=True)
    conference = models.BigIntegerField(null=True)
    delegate = models.BigIntegerField(null=True)
    session = models.BigIntegerField(null=True)
    zone = models.BigIntegerField(null=True)
    lookup = models.CharField(max_length=32, null=True)

    class Meta:
        verbose_name = _("change for the doors")
        verbose_name_plural = _("changes for the doors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["changed_in", "delegate"],
                condition=Q(session__isnull=True, zone__isnull=True),
                name="change_marks_a_person_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.changed_in)


class ChangeClock(models.Model):
    """One row. SQLite counts changes in it; PostgreSQL never writes it.

    There the row's own age tells a database that was put back from a copy, in which the ids of
    transactions mean nothing any more.
    """

    position = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("count of changes for the doors")
        verbose_name_plural = _("counts of changes for the doors")

    def __str__(self) -> str:
        return str(self.position)
