"""The addresses that every door shares."""

from __future__ import annotations

from django.urls import path

from linli.fronts.web import bundle, feeds, views

urlpatterns = [
    path("language", views.language),
    path("manifest.webmanifest", views.manifest),
    path("sw.js", views.service_worker),
    path("calendar/<str:token>.ics", feeds.feed),
    path("offline", views.offline),
    path("look/", views.catalogue),
    path("look/<slug:name>.css", bundle.css),
    path("pictures/<slug:kind>/<slug:seed>.svg", views.drawn),
]
