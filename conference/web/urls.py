"""Addresses of the house itself."""

from django.urls import path

from conference.access import conference_role, demo_only, public, signed_in
from conference.models import Role
from conference.web import audit, messages, my, outbox, settings, site, team, tokens

app_name = "conference"

urlpatterns = [
    path("", public(site.home), name="home"),
    path("outbox/", demo_only(outbox.outbox), name="outbox"),
    path("outbox/<int:pk>/", demo_only(outbox.outbox_mail), name="outbox_mail"),
    path("organise/", signed_in(my.my_conferences), name="my_conferences"),
    path(
        "organise/<slug:slug>/messages/",
        conference_role(Role.PROTOCOL)(messages.message_list),
        name="message_list",
    ),
    path(
        "organise/<slug:slug>/messages/<int:pk>/",
        conference_role(Role.PROTOCOL)(messages.message_detail),
        name="message_detail",
    ),
    path(
        "organise/<slug:slug>/messages/<int:pk>/retry/",
        conference_role(Role.PROTOCOL)(messages.message_retry),
        name="message_retry",
    ),
    path(
        "organise/<slug:slug>/settings/",
        conference_role()(settings.edit),
        name="settings",
    ),
    path("organise/<slug:slug>/team/", conference_role()(team.team), name="team"),
    path(
        "organise/<slug:slug>/team/<int:pk>/remove/",
        conference_role()(team.remove),
        name="team_remove",
    ),
    path(
        "organise/<slug:slug>/api-tokens/", conference_role()(tokens.token_list), name="api_tokens"
    ),
    path(
        "organise/<slug:slug>/api-tokens/<int:pk>/revoke/",
        conference_role()(tokens.revoke),
        name="api_token_revoke",
    ),
    path("organise/<slug:slug>/audit/", conference_role()(audit.audit), name="audit"),
]
