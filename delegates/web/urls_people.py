"""Addresses of lists, delegates, accreditation and badges."""

from django.urls import URLPattern, path

from conference.access import conference_role
from delegates.web import accreditation, badges, decisions, delegates, imports, letters_of

_reads = conference_role("protocol", "desk")
_edits = conference_role("protocol")

_DELEGATES = "organise/<slug:slug>/delegates/"
_IMPORTS = "organise/<slug:slug>/imports/"
_ACCREDITATION = "organise/<slug:slug>/accreditation/"
_BADGES = "organise/<slug:slug>/badges/"

urlpatterns: list[URLPattern] = [
    path(_DELEGATES, _reads(delegates.delegate_list), name="delegate_list"),
    path(f"{_DELEGATES}new/", _edits(delegates.delegate_new), name="delegate_new"),
    path(
        f"{_DELEGATES}list.csv",
        _edits(delegates.delegate_export),
        {"form": "csv"},
        name="delegate_export_csv",
    ),
    path(
        f"{_DELEGATES}list.xlsx",
        _edits(delegates.delegate_export),
        {"form": "xlsx"},
        name="delegate_export_xlsx",
    ),
    path(f"{_DELEGATES}<int:pk>/", _reads(delegates.delegate_detail), name="delegate_detail"),
    path(f"{_DELEGATES}<int:pk>/letters/", _edits(letters_of.delegate), name="delegate_letters"),
    path(f"{_DELEGATES}<int:pk>/edit/", _edits(delegates.delegate_edit), name="delegate_edit"),
    path(f"{_DELEGATES}<int:pk>/decision/", _edits(decisions.decide), name="delegate_decide"),
    path(f"{_DELEGATES}<int:pk>/class/", _edits(decisions.change_class), name="delegate_class"),
    path(f"{_DELEGATES}<int:pk>/head/", _edits(decisions.name_head), name="delegate_head"),
    path(
        f"{_DELEGATES}<int:pk>/substitute/",
        _edits(decisions.substitute),
        name="delegate_substitute",
    ),
    path(f"{_DELEGATES}<int:pk>/badge/", _edits(badges.badge_replace), name="badge_replace"),
    path(f"{_DELEGATES}<int:pk>/badge/send/", _edits(decisions.send_badge), name="badge_send"),
    path(_IMPORTS, _edits(imports.import_list), name="import_list"),
    path(f"{_IMPORTS}new/", _edits(imports.import_new), name="import_new"),
    path(f"{_IMPORTS}template.xlsx", _edits(imports.import_template), name="import_template"),
    path(f"{_IMPORTS}<int:pk>/", _edits(imports.import_preview), name="import_preview"),
    path(f"{_IMPORTS}<int:pk>/apply/", _edits(imports.import_apply), name="import_apply"),
    path(f"{_IMPORTS}<int:pk>/discard/", _edits(imports.import_discard), name="import_discard"),
    path(f"{_IMPORTS}<int:pk>/rows/<int:number>/", _edits(imports.import_row), name="import_row"),
    path(_ACCREDITATION, _edits(accreditation.queue), name="accreditation"),
    path(f"{_ACCREDITATION}approve/", _edits(accreditation.approve), name="accreditation_approve"),
    path(_BADGES, _edits(badges.badge_list), name="badge_list"),
    path(f"{_BADGES}badges.pdf", _edits(badges.badge_pdf), name="badge_pdf"),
    path(f"{_BADGES}print/", _edits(badges.badge_print), name="badge_print"),
]
