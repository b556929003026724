"""Django's record of the delegates app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegatesConfig(AppConfig):
    """Who comes: places, delegations and their people."""

    name = "delegates"
    label = "delegates"
    verbose_name = _("Delegations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for our reminders in the outbox: nobody who has answered gets one."""
        from conference.operations import mailing  # noqa: PLC0415  # models are ready only now
        from delegates.operations import reminding  # noqa: PLC0415

        mailing.look_before_sending(purpose=reminding.MAIL_PURPOSE, last_look=reminding.last_look)
