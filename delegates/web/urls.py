"""Addresses of the delegations and of their people."""

from delegates.web import urls_invite, urls_people

app_name = "delegates"

urlpatterns = [*urls_invite.urlpatterns, *urls_people.urlpatterns]
