"""Every address says who may open it, and the address itself shows what it says."""

import re

from rest_framework.views import APIView

from tests.support.url_map import Address, every_address

ADDRESSES = every_address()

#: Views that are not ours say themselves who may open them; no other module may be named here.
THIRD_PARTY = {
    "accounts/": "allauth.",
    "admin/": "django.",
    "i18n/setlang/": "django.views.i18n",
}
POLICIES = re.compile(
    r"public|signed_in|demo_only|focal_user|personal_link|wall_link|my_delegate|device|signed_service"
    r"|api:public|api:signed_in|conference_role:[a-z,]+"
)
#: Whose addresses are whose: the policies that may stand below each beginning.
ROOMS = {
    "organise/<slug:slug>/": r"conference_role:.*",
    "organise/": r"signed_in|conference_role:.*",
    "delegation/link/": r"personal_link",
    "delegation/": r"focal_user|signed_in|personal_link",
    "me/link/": r"personal_link",
    "me/sw.js": r"public",
    "me/manifest.webmanifest": r"public",
    "me/": r"my_delegate",
    "calendar/": r"personal_link",
    "t/": r"personal_link",
    "texts/": r"signed_service",
    "wall/": r"wall_link",
    "api/v1/checkin/": r"device|public",
    "api/v1/delegat": r"api:signed_in",
    "api/v1/conferences/<slug:slug>/delegat": r"api:signed_in",
    "demo/": r"demo_only",
    "mail/events/": r"signed_service",
    "outbox/": r"demo_only",
}
#: What everybody may open; a new entry here is a decision, not an accident.
PUBLIC = {
    "",
    "api/v1/^checkin/",
    "api/v1/checkin/enrolments/",
    "api/v1/docs/",
    "api/v1/schema/",
    "conferences/<slug:slug>/",
    "conferences/<slug:slug>/programme/",
    "healthz",
    "mail/unsubscribe/<str:token>/",
    "mail/unsubscribe/<str:token>/again/",
    "me/sw.js",
    "me/manifest.webmanifest",
    "readyz",
}


def is_third_party(address: Address) -> bool:
    return any(
        address.route.startswith(route) and address.module.startswith(module)
        for route, module in THIRD_PARTY.items()
    )


OURS = [address for address in ADDRESSES if not is_third_party(address)]


def test_the_map_is_whole():
    assert len(OURS) > 100


def test_every_address_declares_its_policy():
    """Put a decorator of `conference.access` round the view, or `declare` one of its own."""
    unknown = {
        address.route: address.policy
        for address in OURS
        if not POLICIES.fullmatch(address.policy or "")
    }
    assert unknown == {}


def test_every_policy_fits_its_place():
    misfits = {
        address.route: address.policy
        for address in OURS
        if not re.fullmatch(_allowed_at(address.route), address.policy or "")
    }
    assert misfits == {}


def _allowed_at(route: str) -> str:
    return next((allowed for start, allowed in ROOMS.items() if route.startswith(start)), ".*")


def test_only_what_is_meant_for_everybody_is_public():
    declared = {address.route for address in OURS if address.policy == "public"}
    scanner = {route for route in declared if re.match(r"checkin/|sw\.js", route)}
    assert declared - scanner == PUBLIC


def test_every_view_for_programs_names_its_permissions_itself():
    by_accident = []
    for address in OURS:
        view = getattr(address.view, "cls", None)
        if view and issubclass(view, APIView):
            named = next(each for each in view.__mro__ if "permission_classes" in vars(each))
            if named is APIView:
                by_accident.append(address.route)
    assert by_accident == []


def test_an_address_is_written_once():
    names = [(address.name, tuple(address.parameters)) for address in OURS]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
