"""Sessions as programs read them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from conference.interface.fields import Bilingual, Moment
from conference.models import Conference, Room
from sessions.api import examples, rights
from sessions.models import Appearance, Session


class PlaceOut(serializers.ModelSerializer[Room]):
    """The room, with the venue that it is in."""

    name = Bilingual()
    venue = Bilingual("name", source="venue.name")

    class Meta:
        model = Room
        fields: ClassVar = ["id", "name", "venue", "floor"]
        read_only_fields = fields


class AppearanceOut(serializers.ModelSerializer[Appearance]):
    """A person's part in the session."""

    name = Bilingual("name", source="speaker.name")
    title = Bilingual("title", source="speaker.title")
    uncertain = serializers.BooleanField(
        source="speaker.uncertain", help_text="Whether the source of this is in doubt."
    )

    class Meta:
        model = Appearance
        fields: ClassVar = ["part", "name", "title", "uncertain"]
        read_only_fields = fields


class SeatsOut(serializers.ModelSerializer[Session]):
    """Seats of a session that are taken in advance."""

    free = serializers.IntegerField(
        source="seats_free", allow_null=True, help_text="Null where there is no limit."
    )

    class Meta:
        model = Session
        fields: ClassVar = ["takes_enrolments", "capacity", "seats_taken", "free"]
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.SESSION])
class SessionOut(serializers.ModelSerializer[Session]):
    """One item of the programme, with a place and a time."""

    conference = serializers.SlugRelatedField[Conference](slug_field="slug", read_only=True)
    title = Bilingual()
    summary = Bilingual()
    room = PlaceOut(allow_null=True)
    place = Bilingual(help_text="Where it is, if it is in no room of the venue.")
    timezone = serializers.CharField(
        source="conference.timezone", help_text="IANA name of the venue's time zone."
    )
    starts_at = Moment()
    ends_at = Moment()
    day = serializers.SerializerMethodField(help_text="The calendar day at the venue.")
    appearances = AppearanceOut(many=True)
    seats = SeatsOut(source="*", read_only=True, allow_null=True, help_text=rights.SEATS_RULE)
    published_at = Moment(allow_null=True, help_text="Null while it is a draft.")
    cancelled_at = Moment(allow_null=True, help_text="Null unless it was cancelled.")
    cancel_reason = Bilingual()
    updated_at = Moment(source="changed_at")

    class Meta:
        model = Session
        fields: ClassVar = [
            "id",
            "uid",
            "conference",
            "parent",
            "kind",
            "title",
            "summary",
            "room",
            "place",
            "timezone",
            "starts_at",
            "ends_at",
            "day",
            "languages",
            "interpretation",
            "visibility",
            "appearances",
            "seats",
            "published_at",
            "cancelled_at",
            "cancel_reason",
            "sequence",
            "invented",
            "updated_at",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "uid": {"help_text": "The same as in calendars."},
            "parent": {"help_text": "Id of the session that this one belongs to, or null."},
            "sequence": {"help_text": "Grows with every change of time, place or state."},
            "invented": {"help_text": "Made up for a demonstration."},
        }

    @extend_schema_field(serializers.DateField())
    def get_day(self, session: Session) -> str:
        """Return the day on which it begins, by the clocks of the venue."""
        return session.starts_at.astimezone(session.conference.zone).date().isoformat()

    def to_representation(self, instance: Session) -> dict[str, Any]:
        """Return the session, without what this reader may not see."""
        shown = super().to_representation(instance)
        role = self.context["reader"].role_in(instance.conference_id)
        if role is None and instance.conference_id not in self.context["attended"]:
            shown["seats"] = None
        return shown
