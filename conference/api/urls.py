"""Addresses of the interface's beginning and of the conferences."""

from django.urls import path

from conference.access import declare
from conference.api import views

app_name = "conference_api"

_PUBLIC = "api:public"

urlpatterns = [
    path("", declare(views.Root.as_view(), _PUBLIC), name="root"),
    path(
        "conferences/",
        declare(views.ConferenceView.as_view({"get": "list"}), _PUBLIC),
        name="conferences",
    ),
    path(
        "conferences/<slug:slug>/",
        declare(views.ConferenceView.as_view({"get": "retrieve"}), _PUBLIC),
        name="conference",
    ),
]
