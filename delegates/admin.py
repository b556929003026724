"""The back office: looking things up and repairing them, not the way that people work."""

from django.contrib import admin
from django.http import HttpRequest

from delegates.models import (
    Accreditation,
    Badge,
    BadgeClass,
    Delegate,
    Delegation,
    ImportBatch,
    ImportRow,
    Invitation,
    Locality,
    Organisation,
    Quota,
    SisterPair,
)


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What only operations may write: the back office shows it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Locality)
class LocalityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Places."""

    list_display = (
        "name_en",
        "name_zh",
        "kind",
        "parent",
        "country",
    )
    list_filter = (
        "country",
        "kind",
    )
    list_select_related = ("parent",)
    search_fields = (
        "name_en",
        "name_zh",
        "code",
    )
    autocomplete_fields = ("parent",)


@admin.register(SisterPair)
class SisterPairAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Formal ties of places."""

    list_display = (
        "first",
        "second",
        "tie",
        "year",
        "status",
        "uncertain",
    )
    list_filter = (
        "tie",
        "status",
        "uncertain",
    )
    list_select_related = (
        "first",
        "second",
    )
    search_fields = (
        "first__name_en",
        "first__name_zh",
        "second__name_en",
    )
    autocomplete_fields = (
        "first",
        "second",
    )


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Bodies that send a delegation."""

    list_display = (
        "name_en",
        "name_zh",
        "abbreviation",
        "country",
    )
    search_fields = (
        "name_en",
        "name_zh",
        "abbreviation",
    )


@admin.register(Delegation)
class DelegationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Delegations."""

    list_display = (
        "name_en",
        "name_zh",
        "conference",
        "precedence",
        "focal_name",
    )
    list_filter = ("conference",)
    list_select_related = ("conference",)
    search_fields = (
        "name_en",
        "name_zh",
        "focal_name",
        "focal_email",
    )
    autocomplete_fields = (
        "locality",
        "organisation",
    )
    raw_id_fields = (
        "focal_user",
        "liaison",
    )


@admin.register(BadgeClass)
class BadgeClassAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Badge classes. Their numbers stand in printed codes."""

    list_display = (
        "name_en",
        "name_zh",
        "conference",
        "number",
        "colour",
    )
    list_filter = ("conference",)
    list_select_related = ("conference",)


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Places granted. What is taken moves by operations only."""

    list_display = (
        "delegation",
        "badge_class",
        "granted",
        "taken",
    )
    list_filter = ("delegation__conference",)
    list_select_related = (
        "delegation",
        "badge_class",
    )
    readonly_fields = ("taken",)


@admin.register(Delegate)
class DelegateAdmin(LookOnly):
    """People. They are changed on the organiser's desk, where every change is recorded."""

    list_display = (
        "display_name",
        "native_name",
        "delegation",
        "role",
        "withdrawn_at",
    )
    list_filter = (
        "conference",
        "role",
    )
    list_select_related = ("delegation",)
    search_fields = (
        "family_name",
        "given_name",
        "native_name",
        "email",
    )


@admin.register(Accreditation)
class AccreditationAdmin(LookOnly):
    """Decisions."""

    list_display = (
        "delegate",
        "badge_class",
        "state",
        "decided_by",
        "decided_at",
    )
    list_filter = (
        "state",
        "delegate__conference",
    )
    list_select_related = (
        "delegate",
        "badge_class",
        "decided_by",
    )


@admin.register(Badge)
class BadgeAdmin(LookOnly):
    """Badges. The secret behind their codes is shown nowhere."""

    list_display = (
        "delegate",
        "issue",
        "badge_class",
        "issued_at",
        "printed_at",
    )
    list_filter = ("conference",)
    list_select_related = (
        "delegate",
        "badge_class",
    )


@admin.register(Invitation)
class InvitationAdmin(LookOnly):
    """Invitations."""

    list_display = (
        "delegation",
        "state",
        "addressee_email",
        "sent_at",
        "answered_at",
    )
    list_filter = (
        "state",
        "conference",
    )
    list_select_related = ("delegation",)


@admin.register(ImportBatch)
class ImportBatchAdmin(LookOnly):
    """Loaded lists."""

    list_display = (
        "file_name",
        "conference",
        "state",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = (
        "conference",
        "state",
    )
    list_select_related = (
        "conference",
        "uploaded_by",
    )


@admin.register(ImportRow)
class ImportRowAdmin(LookOnly):
    """Rows of loaded lists."""

    list_display = (
        "batch",
        "number",
        "action",
        "delegate",
        "applied_at",
    )
    list_filter = ("action",)
    list_select_related = (
        "batch",
        "delegate",
    )
