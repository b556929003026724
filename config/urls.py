"""Every address of the program; the apps' own are included, none is written here twice."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from conference.access import signed_in
from config import health
from config.accounts import EmailAddresses

# The back office is behind the same sign-in, second factor included, as everything else.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Programs get their refusals in their own shape, people a page.
handler404 = "conference.api.errors.page_not_found"
handler500 = "conference.api.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/email/", signed_in(EmailAddresses.as_view()), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("demo.web.urls")),
    path("", include("checkin.web.urls")),
    path("", include("sessions.web.urls")),
    path("", include("delegates.web.urls")),
    path("", include("conference.web.urls")),
]

if "django_prometheus" in settings.INSTALLED_APPS:
    # For the machine's own collector: the proxy keeps it from the public (deploy/).
    urlpatterns.append(path("", include("django_prometheus.urls")))
