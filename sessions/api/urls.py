"""Addresses of sessions: of one conference, and of all that one may see."""

from conference.interface.reading import addresses
from sessions.api import views

app_name = "programme_api"

urlpatterns = addresses(views.SessionView, one="session", many="sessions", policy="api:public")
