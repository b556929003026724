"""Django's record of the checkin app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckinConfig(AppConfig):
    """The day itself: doors, scans and the live board."""

    name = "checkin"
    label = "checkin"
    verbose_name = _("Check-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the doors of a session follow it, and watchers lose what they may no longer see."""
        from django.contrib.auth.signals import user_logged_out  # noqa: PLC0415
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415  # models are ready only now

        from checkin.live import watchers  # noqa: PLC0415
        from checkin.operations import opening  # noqa: PLC0415
        from conference.models import Membership  # noqa: PLC0415
        from sessions.models import Session  # noqa: PLC0415

        post_save.connect(
            opening.follow_session, sender=Session, dispatch_uid="checkin.follow_session"
        )
        for changed in (post_save, post_delete):
            changed.connect(
                watchers.forget_watchers, sender=Membership, dispatch_uid="checkin.forget_watchers"
            )
        user_logged_out.connect(watchers.note_sign_out, dispatch_uid="checkin.note_sign_out")
