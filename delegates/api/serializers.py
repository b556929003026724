"""Delegations and delegates as programs read them."""

from functools import cached_property
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from conference.interface.fields import Bilingual, Moment
from conference.models import Conference, Language
from delegates.api import examples, rights
from delegates.models import (
    Accreditation,
    BadgeClass,
    Country,
    Delegate,
    Delegation,
    Invitation,
    Locality,
    Organisation,
)
from delegates.operations.progress import STEPS

_MOMENT = Moment()


class PartyOut(serializers.Serializer[Locality | Organisation]):
    """Whom a delegation represents: a place or an organisation."""

    type = serializers.SerializerMethodField(help_text="`place` or `organisation`.")
    kind = serializers.SerializerMethodField(
        help_text="The kind of a place (state, province, city …); null for an organisation."
    )
    name = Bilingual()
    country = serializers.ChoiceField(choices=Country.choices)
    code = serializers.SerializerMethodField(
        help_text="ISO 3166-2 of a place, the abbreviation of an organisation; may be empty."
    )

    @extend_schema_field(serializers.ChoiceField(choices=["place", "organisation"]))
    def get_type(self, party: Locality | Organisation) -> str:
        """Return which of the two it is."""
        return "place" if isinstance(party, Locality) else "organisation"

    @extend_schema_field(serializers.ChoiceField(choices=Locality.Kind.choices, allow_null=True))
    def get_kind(self, party: Locality | Organisation) -> str | None:
        """Return the kind of place."""
        return party.kind if isinstance(party, Locality) else None

    def get_code(self, party: Locality | Organisation) -> str:
        """Return the short sign by which it is known."""
        return party.code if isinstance(party, Locality) else party.abbreviation


class FocalPointOut(serializers.Serializer[Delegation]):
    """Who fills the delegation's list."""

    name = serializers.CharField(source="focal_name")
    email = serializers.CharField(source="focal_email")
    phone = serializers.CharField(source="focal_phone")
    language = serializers.ChoiceField(source="focal_language", choices=Language.choices)


class PeopleOut(serializers.Serializer[Any]):
    """How many of the delegation's people are how far; each person counts once."""

    members = serializers.IntegerField(help_text="Those who have not withdrawn; the sum.")
    nominated = serializers.IntegerField()
    submitted = serializers.IntegerField()
    approved = serializers.IntegerField()
    refused = serializers.IntegerField()


class InvitationOut(serializers.ModelSerializer[Invitation]):
    """The delegation's latest invitation: how far it is, and until when it may be answered."""

    deadline = Moment(allow_null=True)
    sent_at = Moment(allow_null=True)
    opened_at = Moment(allow_null=True, help_text="When a person first read it by its link.")
    answered_at = Moment(allow_null=True)

    class Meta:
        model = Invitation
        fields: ClassVar = ["state", "deadline", "sent_at", "opened_at", "answered_at", "know_by"]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "know_by": {"help_text": "The day by which a tentative delegation will know, or null."},
        }


@extend_schema_serializer(examples=[examples.DELEGATION])
class DelegationOut(serializers.ModelSerializer[Delegation]):
    """A delegation, how far it is, and who speaks for it."""

    conference = serializers.SlugRelatedField[Conference](slug_field="slug", read_only=True)
    name = Bilingual()
    party = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField(help_text="The furthest step reached.")
    answer = serializers.SerializerMethodField(
        help_text="The answer to the invitation, or null where there is none yet."
    )
    invitation = serializers.SerializerMethodField(
        help_text="The latest invitation, or null where there is none."
    )
    people = serializers.SerializerMethodField()
    submitted_at = Moment(allow_null=True, help_text="When its focal point handed in the list.")
    focal_point = FocalPointOut(
        source="*",
        read_only=True,
        allow_null=True,
        help_text="Only for organisers, protocol officers and the focal point; null for others.",
    )

    class Meta:
        model = Delegation
        fields: ClassVar = [
            "id",
            "conference",
            "name",
            "party",
            "precedence",
            "state",
            "answer",
            "invitation",
            "people",
            "nominations_close",
            "submitted_at",
            "focal_point",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "precedence": {"help_text": "Place in the order of precedence; 999 is unranked."},
            "nominations_close": {"help_text": "A calendar day at the venue, or null."},
        }

    @extend_schema_field(PartyOut)
    def get_party(self, delegation: Delegation) -> dict[str, Any]:
        """Return the place or organisation."""
        party = delegation.locality or delegation.organisation
        assert party is not None  # held by the database
        return self._party.to_representation(party)

    @extend_schema_field(serializers.ChoiceField(choices=list(STEPS)))
    def get_state(self, delegation: Delegation) -> str:
        """Return the furthest step."""
        step: str = self.context["progress"][delegation.pk].step
        return step

    @extend_schema_field(
        serializers.ChoiceField(choices=["accepted", "tentative", "declined"], allow_null=True)
    )
    def get_answer(self, delegation: Delegation) -> str | None:
        """Return the answer to the latest invitation."""
        progress = self.context["progress"][delegation.pk]
        return progress.invitation.state if progress.is_answered else None

    @extend_schema_field(InvitationOut(allow_null=True))
    def get_invitation(self, delegation: Delegation) -> dict[str, Any] | None:
        """Return the latest invitation."""
        invitation = self.context["progress"][delegation.pk].invitation
        return self._invitation.to_representation(invitation) if invitation else None

    @extend_schema_field(PeopleOut)
    def get_people(self, delegation: Delegation) -> dict[str, Any]:
        """Return the counts."""
        return self._people.to_representation(self.context["progress"][delegation.pk])

    # Made once for all rows: making a serializer costs more than using it.
    @cached_property
    def _party(self) -> PartyOut:
        return PartyOut()

    @cached_property
    def _invitation(self) -> InvitationOut:
        return InvitationOut()

    @cached_property
    def _people(self) -> PeopleOut:
        return PeopleOut()

    def to_representation(self, instance: Delegation) -> dict[str, Any]:
        """Return the delegation, without what this reader may not see."""
        shown = super().to_representation(instance)
        if not rights.sees_focal_point(self.context["reader"], instance):
            shown["focal_point"] = None
        return shown


class ContactOut(serializers.ModelSerializer[Delegate]):
    """How to reach a person."""

    class Meta:
        model = Delegate
        fields: ClassVar = ["email", "phone", "phone_e164"]
        read_only_fields = fields


class NeedsOut(serializers.ModelSerializer[Delegate]):
    """What a person needs."""

    class Meta:
        model = Delegate
        fields: ClassVar = ["diet", "access_needs"]
        read_only_fields = fields


class TravelOut(serializers.ModelSerializer[Delegate]):
    """When and how a person comes and goes, as given."""

    arrival_at = Moment(allow_null=True)
    departure_at = Moment(allow_null=True)

    class Meta:
        model = Delegate
        fields: ClassVar = [
            "arrival_at",
            "arrival_by",
            "departure_at",
            "departure_by",
            "home_timezone",
        ]
        read_only_fields = fields


class ProtocolOut(serializers.ModelSerializer[Delegate]):
    """How a person is treated."""

    class Meta:
        model = Delegate
        fields: ClassVar = ["rank", "vip"]
        read_only_fields = fields


class BadgeClassOut(serializers.ModelSerializer[BadgeClass]):
    """A category of badge."""

    name = Bilingual()

    class Meta:
        model = BadgeClass
        fields: ClassVar = ["code", "number", "name"]
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.DELEGATE])
class DelegateOut(serializers.ModelSerializer[Delegate]):
    """One person at one conference. Parts that a reader may not see are null."""

    conference = serializers.SlugRelatedField[Conference](slug_field="slug", read_only=True)
    delegation_name = Bilingual("name", source="delegation.name")
    name = serializers.CharField(
        source="display_name", help_text="As it stands on the badge, in either script."
    )
    title = Bilingual()
    organisation = Bilingual()
    badge_class = BadgeClassOut(
        source="accreditation.badge_class",
        read_only=True,
        allow_null=True,
        help_text="The class that the person is to be, or is, accredited in; null before that.",
    )
    state = serializers.SerializerMethodField(help_text="How far the accreditation is.")
    withdrawn_at = Moment(allow_null=True)
    updated_at = serializers.SerializerMethodField(
        help_text="When the person or the accreditation last changed; see `updated_since`."
    )
    contact = ContactOut(source="*", read_only=True, allow_null=True, help_text=rights.CONTACT_RULE)
    needs = NeedsOut(source="*", read_only=True, allow_null=True, help_text=rights.CONTACT_RULE)
    travel = TravelOut(source="*", read_only=True, allow_null=True, help_text=rights.CONTACT_RULE)
    protocol = ProtocolOut(
        source="*", read_only=True, allow_null=True, help_text=rights.PROTOCOL_RULE
    )

    class Meta:
        model = Delegate
        fields: ClassVar = [
            "id",
            "uid",
            "conference",
            "delegation",
            "delegation_name",
            "name",
            "native_name",
            "family_name",
            "given_name",
            "suffix",
            "name_order",
            "honorific",
            "title",
            "title_en",
            "title_zh",
            "organisation",
            "role",
            "badge_class",
            "state",
            "language",
            "needs_interpreter",
            "photo_consent",
            "withdrawn_at",
            "updated_at",
            "contact",
            "needs",
            "travel",
            "protocol",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "delegation": {"help_text": "Id of the delegation."},
            "uid": {"help_text": "The person's UUID, which badge codes are made from."},
        }

    @extend_schema_field(serializers.ChoiceField(choices=Accreditation.State.choices))
    def get_state(self, delegate: Delegate) -> str:
        """Return the state of the accreditation; who has none yet is as good as nominated."""
        accreditation = getattr(delegate, "accreditation", None)
        state = accreditation.state if accreditation else Accreditation.State.NOMINATED
        if delegate.withdrawn_at and state != Accreditation.State.SUBSTITUTED:
            return Accreditation.State.WITHDRAWN
        return str(state)

    @extend_schema_field(Moment())
    def get_updated_at(self, delegate: Delegate) -> str | None:
        """Return the later of the two changes."""
        accreditation = getattr(delegate, "accreditation", None)
        latest = delegate.changed_at
        if accreditation:
            latest = max(latest, accreditation.changed_at)
        moment: str | None = _MOMENT.to_representation(latest)
        return moment

    def to_representation(self, instance: Delegate) -> dict[str, Any]:
        """Return the person, without what this reader may not see."""
        shown = super().to_representation(instance)
        reader = self.context["reader"]
        if not rights.sees_contact(reader, instance):
            shown |= {"contact": None, "needs": None, "travel": None}
        if not rights.sees_protocol(reader, instance):
            shown["protocol"] = None
        return shown
