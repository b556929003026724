"""Django's record of the sessions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """What happens: the programme. Django's own sessions app owns the label `sessions`."""

    name = "sessions"
    label = "programme"
    verbose_name = _("Programme")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for our letters in the outbox, and follow rooms that open or close."""
        from django.db.models.signals import post_save  # noqa: PLC0415  # models are ready only now

        from conference.models import Room  # noqa: PLC0415
        from conference.operations import mailing  # noqa: PLC0415
        from sessions.operations import reminding, scheduling  # noqa: PLC0415

        mailing.look_before_sending(
            purpose=reminding.PURPOSE, last_look=reminding.state_before_sending
        )
        post_save.connect(scheduling.follow_room, sender=Room, dispatch_uid="programme.follow_room")
