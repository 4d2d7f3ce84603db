"""Addresses of the sandbox provider, below `/sandbox/`."""

from __future__ import annotations

from django.urls import path

from linli.simulator.provider import api, views

urlpatterns = [
    path("pay", views.enter),
    path("t/<str:token>", views.trade),
    path("t/<str:token>/qr.svg", views.qr),
    path("api/<str:verb>", api.call),
]
