"""Recount presence, conflicts and counts from all scans."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from checkin.operations import recounting
from conference.models import Conference


class Command(BaseCommand):
    """``manage.py recount <conference-slug> [--repair]``; exit status 1 where anything differs."""

    help = "Fold all scans of a conference anew and say what stands otherwise (must be nothing)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be given."""
        parser.add_argument("slug", help="the conference's address")
        parser.add_argument("--repair", action="store_true", help="put right what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount and print the result in a line, and each difference in another."""
        conference = Conference.objects.filter(slug=options["slug"]).first()
        if conference is None:
            message = f"There is no conference “{options['slug']}”."
            raise CommandError(message)
        made = recounting.recount(
            conference=conference, now=timezone.now(), repair=options["repair"]
        )
        if made is None:
            message = "Somebody else is recounting."
            raise CommandError(message)
        seconds = (made.finished_at - made.started_at).total_seconds()
        self.stdout.write(
            f"{made.persons} persons, {made.scans} scans, {made.difference_count} differences,"
            f" {seconds:.1f} s"
        )
        for each in made.differences:
            self.stdout.write(str(each))
        if made.difference_count and not options["repair"]:
            message = "What stands is not what the scans come to. Run again with --repair."
            raise CommandError(message)
