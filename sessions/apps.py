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
        """Answer for our letters in the outbox; follow rooms and conferences as they change."""
        from django.db.models.signals import post_save  # noqa: PLC0415  # models are ready only now

        from conference.models import Conference, Room  # noqa: PLC0415
        from conference.operations import campaigning, channels, mailing  # noqa: PLC0415
        from conference.operations.channels import adapters  # noqa: PLC0415
        from delegates.operations import audiences as people  # noqa: PLC0415
        from delegates.operations import receiving_mail  # noqa: PLC0415
        from sessions.operations import (  # noqa: PLC0415
            audiences,
            mailed_calendar,
            notifying,
            reminders,
            scheduling,
        )
        from sessions.operations.reminders import nights, reasons, usual  # noqa: PLC0415

        for purpose in notifying.PURPOSES:
            mailing.look_before_sending(purpose=purpose, last_look=people.last_look)
        for purpose in (reminders.PURPOSE, *notifying.PURPOSES):
            mailing.follow_address(purpose=purpose, find=receiving_mail.address_now)
        reasons.explain()
        audiences.register()
        mailed_calendar.offer()
        for purpose in (reminders.PURPOSE, *notifying.PURPOSES):
            channels.tell_of(purpose=purpose)
        channels.wait_at_night(
            purpose=campaigning.PURPOSE, channels=adapters.CHANNELS, nights=nights.night_of
        )
        channels.go_unasked(purpose=reminders.PURPOSE, choice=reminders.may_go_unasked)
        mailing.look_before_sending(purpose=reminders.PURPOSE, last_look=reminders.last_look)
        post_save.connect(scheduling.follow_room, sender=Room, dispatch_uid="programme.follow_room")
        post_save.connect(
            usual.follow_conference, sender=Conference, dispatch_uid="programme.begin_reminders"
        )
