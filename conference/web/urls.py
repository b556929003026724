"""Addresses of the house itself."""

from django.conf import settings as program
from django.urls import path

from conference.access import conference_role, declare, demo_only, public, signed_in
from conference.models import Role
from conference.web import (
    audit,
    blocked,
    blocked_loading,
    campaign_files,
    campaign_filters,
    campaign_steps,
    campaigns,
    events,
    messages,
    my,
    outbox,
    receipts,
    sender,
    settings,
    site,
    team,
    tokens,
    unsubscribing,
)

_reads = conference_role(Role.PROTOCOL)
_sends = conference_role()
_MAILINGS = "organise/<slug:slug>/mailings/"

app_name = "conference"

urlpatterns = [
    path("", public(site.home), name="home"),
    path("outbox/", demo_only(outbox.outbox), name="outbox"),
    path("outbox/<int:pk>/", demo_only(outbox.outbox_mail), name="outbox_mail"),
    path("outbox/<int:pk>/html/", demo_only(outbox.outbox_html), name="outbox_html"),
    path("mail/unsubscribe/<str:token>/", public(unsubscribing.unsubscribe), name="unsubscribe"),
    path("mail/unsubscribe/<str:token>/again/", public(unsubscribing.come_back), name="come_back"),
    path(
        "texts/<slug:channel>/receipts/",
        declare(receipts.text_receipt, "signed_service"),
        name="text_receipt",
    ),
    path("organise/", signed_in(my.my_conferences), name="my_conferences"),
    path(
        "organise/<slug:slug>/blocked/",
        conference_role(Role.PROTOCOL)(blocked.blocked_list),
        name="blocked_list",
    ),
    path(
        "organise/<slug:slug>/blocked/file/",
        conference_role(Role.PROTOCOL)(blocked.blocked_file),
        name="blocked_file",
    ),
    path(
        "organise/<slug:slug>/blocked/load/",
        conference_role(Role.PROTOCOL)(blocked_loading.load),
        name="blocked_load",
    ),
    path(
        "organise/<slug:slug>/blocked/<int:pk>/",
        conference_role(Role.PROTOCOL)(blocked.blocked_detail),
        name="blocked_detail",
    ),
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
        "organise/<slug:slug>/messages/<int:pk>/settle/",
        conference_role(Role.PROTOCOL)(messages.message_settle),
        name="message_settle",
    ),
    path(
        "organise/<slug:slug>/messages/<int:pk>/source/",
        conference_role(Role.PROTOCOL)(messages.message_source),
        name="message_source",
    ),
    path(
        "organise/<slug:slug>/messages/<int:pk>/files/<int:file>/",
        conference_role(Role.PROTOCOL)(messages.message_file),
        name="message_file",
    ),
    path(
        "organise/<slug:slug>/messages/failed/",
        conference_role(Role.PROTOCOL)(messages.retry_failed),
        name="message_retry_failed",
    ),
    path(_MAILINGS, _reads(campaigns.campaign_list), name="campaign_list"),
    path(f"{_MAILINGS}new/", _reads(campaigns.new), name="campaign_new"),
    path(f"{_MAILINGS}filters/", _reads(campaign_filters.filter_list), name="campaign_filters"),
    path(
        f"{_MAILINGS}filters/<int:pk>/",
        _reads(campaign_filters.rename),
        name="campaign_filter_rename",
    ),
    path(
        f"{_MAILINGS}filters/<int:pk>/delete/",
        _reads(campaign_filters.delete),
        name="campaign_filter_delete",
    ),
    path(
        f"{_MAILINGS}<int:pk>/filters/", _reads(campaign_filters.save), name="campaign_filter_save"
    ),
    path(
        f"{_MAILINGS}<int:pk>/filters/take/",
        _reads(campaign_filters.take),
        name="campaign_filter_take",
    ),
    path(f"{_MAILINGS}<int:pk>/", _reads(campaign_steps.detail), name="campaign_detail"),
    path(f"{_MAILINGS}<int:pk>/edit/", _reads(campaigns.edit), name="campaign_edit"),
    path(f"{_MAILINGS}<int:pk>/audience/", _reads(campaigns.audience), name="campaign_audience"),
    path(f"{_MAILINGS}<int:pk>/preview/", _reads(campaigns.preview), name="campaign_preview"),
    path(
        f"{_MAILINGS}<int:pk>/files/<int:file>/",
        _reads(campaign_files.kept_file),
        name="campaign_file",
    ),
    path(
        f"{_MAILINGS}<int:pk>/made/<slug:code>/",
        _reads(campaign_files.made_file),
        name="campaign_made_file",
    ),
    path(f"{_MAILINGS}<int:pk>/test/", _reads(campaigns.send_test), name="campaign_test"),
    path(f"{_MAILINGS}<int:pk>/step/", _sends(campaign_steps.step), name="campaign_step"),
    path(f"{_MAILINGS}<int:pk>/more/", _sends(campaign_steps.more), name="campaign_more"),
    path(
        f"{_MAILINGS}<int:pk>/schedule/", _sends(campaign_steps.schedule), name="campaign_schedule"
    ),
    path("organise/<slug:slug>/sender/", _reads(sender.sender), name="sender"),
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
    *events.urls(program.MAIL_PROVIDERS),
]
