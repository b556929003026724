"""Django's record of the checkin app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckinConfig(AppConfig):
    """The day itself: doors, scans and the live board."""

    name = "checkin"
    label = "checkin"
    verbose_name = _("Check-in")
    default_auto_field = "django.db.models.BigAutoField"
