"""The product's addresses and the bare view's."""

from django.urls import include, path

from bench import bare

handler404 = "conference.api.errors.page_not_found"
handler500 = "conference.api.errors.server_error"

urlpatterns = [path("bench/scan/", bare.scan), path("", include("config.urls"))]
