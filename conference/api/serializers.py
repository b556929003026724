"""A conference as programs read it."""

from typing import Any, ClassVar

from rest_framework import serializers

from conference.interface.fields import Bilingual
from conference.interface.reading import Reader
from conference.models import Conference, Host, Role, Room, Series, Venue


class SeriesOut(serializers.ModelSerializer[Series]):
    """The recurring meeting that an edition belongs to."""

    name = Bilingual()

    class Meta:
        model = Series
        fields: ClassVar = ["slug", "name"]
        read_only_fields = fields


class HostOut(serializers.ModelSerializer[Host]):
    """A body in whose name the conference is held."""

    name = Bilingual()

    class Meta:
        model = Host
        fields: ClassVar = ["role", "name", "abbreviation", "uncertain"]
        read_only_fields = fields


class RoomOut(serializers.ModelSerializer[Room]):
    """A room of a venue; its id filters sessions."""

    name = Bilingual()

    class Meta:
        model = Room
        fields: ClassVar = ["id", "name", "floor", "capacity"]
        read_only_fields = fields


class VenueOut(serializers.ModelSerializer[Venue]):
    """A building with its rooms."""

    name = Bilingual()
    address = Bilingual()
    rooms = RoomOut(many=True)

    class Meta:
        model = Venue
        fields: ClassVar = ["id", "name", "address", "uncertain", "rooms"]
        read_only_fields = fields


class ConferenceOut(serializers.ModelSerializer[Conference]):
    """One edition of a series, or a rehearsal of one."""

    series = SeriesOut()
    name = Bilingual()
    theme = Bilingual()
    city = Bilingual()
    welcome = Bilingual()
    rehearsal_of = serializers.SlugRelatedField[Conference](
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text="Slug of the conference that this is a rehearsal of.",
    )
    hosts = HostOut(many=True)
    venues = VenueOut(many=True)
    my_role = serializers.SerializerMethodField(
        help_text="The part that the reader has in this conference, or null."
    )

    class Meta:
        model = Conference
        fields: ClassVar = [
            "slug",
            "number",
            "series",
            "name",
            "theme",
            "theme_en",
            "theme_zh",
            "city",
            "welcome",
            "timezone",
            "first_day",
            "last_day",
            "published",
            "rehearsal_of",
            "hosts",
            "venues",
            "my_role",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "timezone": {"help_text": "IANA name of the venue's time zone."},
            "first_day": {"help_text": "A calendar day at the venue."},
            "last_day": {"help_text": "A calendar day at the venue."},
        }

    def get_my_role(self, conference: Conference) -> Role | None:
        """Return the reader's role."""
        reader: Reader = self.context["reader"]
        role = reader.role_in(conference.pk)
        return Role(role) if role else None


class RootOut(serializers.Serializer[Any]):
    """Where things are."""

    conferences = serializers.URLField()
    sessions = serializers.URLField()
    delegations = serializers.URLField()
    delegates = serializers.URLField()
    description = serializers.URLField(help_text="This interface in OpenAPI 3.")
    documentation = serializers.URLField(help_text="The same to read and try.")
