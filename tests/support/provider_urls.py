"""The program's addresses where every mail provider is named in the settings."""

from conference.web import events
from config.settings.services import PROVIDERS
from config.urls import urlpatterns as program

urlpatterns = [*program, *events.urls(PROVIDERS)]
