"""The interface for other programs under /api/v1/, with its description and a page to read it."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from conference.access import public

urlpatterns = [
    path("schema/", public(SpectacularAPIView.as_view()), name="schema"),
    path(
        "docs/",
        # Its script is a request of its own: the content security policy allows no inline script.
        public(SpectacularSwaggerSplitView.as_view(url_name="schema")),
        name="docs",
    ),
    path("", include("checkin.api.urls")),
    path("", include("sessions.api.urls")),
    path("", include("delegates.api.urls")),
    path("", include("conference.api.urls")),
]
