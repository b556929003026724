"""Addresses that exist in the demo only."""

from django.urls import path

from demo.web import sign_in

app_name = "demo"

urlpatterns = [
    path("demo/sign-in/", sign_in.parts, name="parts"),
    path("demo/sign-in/<slug:part>/", sign_in.sign_in, name="sign-in"),
]
