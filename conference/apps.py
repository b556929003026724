"""Django's record of the conference app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    """The house: who runs a conference, where, and in whose name."""

    name = "conference"
    label = "conference"
    verbose_name = _("Conferences")
    default_auto_field = "django.db.models.BigAutoField"
