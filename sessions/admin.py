"""The back office of the programme: to look things up; deeds go through the screens."""

from django.contrib import admin

from sessions.models import Appearance, Enrolment, Release, Session, Speaker


class AppearanceInline(admin.TabularInline):  # type: ignore[type-arg]
    """The speakers of a session."""

    model = Appearance
    extra = 0
    raw_id_fields = ("speaker",)


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sessions; seats, numbers and times of publication are not edited by hand."""

    list_display = ("__str__", "conference", "kind", "starts_at", "room", "seats_taken", "capacity")
    list_filter = ("conference", "kind", "visibility")
    list_select_related = ("conference", "room")
    search_fields = ("title_en", "title_zh")
    raw_id_fields = ("conference", "parent", "room")
    readonly_fields = ("uid", "room_exclusive", "seats_taken", "sequence", "changed_at")
    inlines = (AppearanceInline,)


@admin.register(Speaker)
class SpeakerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Speakers."""

    list_display = ("__str__", "conference", "title_en", "uncertain")
    list_filter = ("conference", "uncertain")
    search_fields = ("name_en", "name_zh")
    raw_id_fields = ("conference", "delegate")


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Seats, to look at: they are counted where they are taken."""

    list_display = ("session", "delegate", "state", "created_at")
    list_filter = ("state", "session__conference")
    list_select_related = ("session", "delegate")

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """Nobody adds a seat by hand."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """Nobody moves a seat by hand."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Nobody deletes a seat by hand."""
        return False


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Versions of the programme, to look at."""

    list_display = ("conference", "number", "released_at", "released_by")
    list_filter = ("conference",)

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """Versions are made by publishing."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """Versions do not change."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Versions are numbered without gaps."""
        return False
