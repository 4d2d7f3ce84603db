"""The addresses of the way in and out."""

from __future__ import annotations

from django.urls import path

from linli.fronts.web.sign_in import views

urlpatterns = [
    path("sign-in", views.phone, name="sign-in"),
    path("sign-in/code", views.code, name="sign-in-code"),
    path("sign-out", views.sign_out, name="sign-out"),
]
