"""The two tables of the bare view."""

from django.db import models


class Ticket(models.Model):
    """What is looked up."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.code


class Visit(models.Model):
    """What is written down."""

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    gate = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
