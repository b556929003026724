"""The demo as an app: data, a loader, and one-click sign-in. It has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Names the app for Django."""

    name = "demo"
    verbose_name = _("Demo")
