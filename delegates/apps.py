"""Django's record of the delegates app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegatesConfig(AppConfig):
    """Who comes: places, delegations and their people."""

    name = "delegates"
    label = "delegates"
    verbose_name = _("Delegations")
    default_auto_field = "django.db.models.BigAutoField"
