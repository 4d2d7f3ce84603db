"""Addresses that the outside calls."""

from __future__ import annotations

from django.urls import path

from linli.fronts.gateways import payments

urlpatterns = [
    path("gateways/<str:provider>/notify", payments.notify),
    path("gateways/<str:provider>/open/<str:number>", payments.open_address),
]
