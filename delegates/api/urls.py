"""Addresses of delegations and delegates: of one conference, and of all that one may see."""

from conference.interface.reading import addresses
from delegates.api import views

app_name = "delegates_api"

urlpatterns = [
    *addresses(views.DelegationView, one="delegation", many="delegations", policy="api:signed_in"),
    *addresses(views.DelegateView, one="delegate", many="delegates", policy="api:signed_in"),
]
