"""The courier's rooms."""

from __future__ import annotations

from django.urls import path

from linli.fronts.web.courier.views import duty, jobs, looking_back, offers, rides

urlpatterns = [
    path("courier/", duty.now),
    path("courier/now", duty.part),
    path("courier/map.json", duty.map_points),
    path("courier/online", duty.online),
    path("courier/offline", duty.offline),
    path("courier/here", duty.here),
    path("courier/positions", duty.positions),
    path("courier/offers", offers.answer),
    path("courier/jobs/<str:job>", jobs.show),
    path("courier/jobs/<str:job>/arrive", jobs.arrive),
    path("courier/jobs/<str:job>/pick-up", jobs.pick_up),
    path("courier/jobs/<str:job>/deliver", jobs.deliver),
    path("courier/jobs/<str:job>/give-up", jobs.give_up),
    path("courier/jobs/<str:job>/proof.jpg", jobs.proof),
    path("courier/jobs/<str:job>/start", rides.start),
    path("courier/jobs/<str:job>/finish", rides.finish),
    path("courier/jobs/<str:job>/no-show", rides.no_show),
    path("courier/jobs/<str:job>/rate", rides.rate),
    path("courier/earnings", looking_back.earnings),
    path("courier/history", looking_back.history),
    path("courier/help", looking_back.help_page),
]
