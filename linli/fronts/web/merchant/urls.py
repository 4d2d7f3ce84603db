"""The addresses of the merchant's door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from linli.fronts.web.merchant import (
    bookings,
    choices,
    complaints,
    dishes,
    hours,
    menu,
    money,
    orders,
    passes,
    reviews,
    services,
    settings,
    staff,
    stays,
    team,
    till,
    today,
)


def of_store(route: str, view: Callable[..., Any], **fixed: Any) -> URLPattern:
    """An address below that of a store."""
    return path(f"merchant/<slug:store>/{route}", view, fixed)


urlpatterns = [
    path("merchant/", today.door),
    of_store("today", today.today),
    of_store("pause", today.pause),
    of_store("resume", today.resume),
    of_store("orders", orders.board),
    *(of_store(f"orders/{tab}", orders.listed, tab=tab) for tab in ("away", "done", "closed")),
    of_store("orders/<slug:order>", orders.one),
    of_store("orders/<slug:order>/ticket", orders.ticket),
    of_store("orders/<slug:order>/accept", orders.accept),
    of_store("orders/<slug:order>/refuse", orders.refuse),
    of_store("orders/<slug:order>/ready", orders.ready),
    of_store("orders/<slug:order>/hand-over", orders.hand_over),
    of_store("menu", menu.menu),
    of_store("menu/dishes/new", dishes.dish),
    of_store("menu/dishes/<slug:offer>", dishes.dish),
    of_store("menu/dishes/<slug:offer>/sale", menu.sale),
    of_store("menu/dishes/<slug:offer>/remove", dishes.remove),
    of_store("menu/options/<slug:option>/sale", menu.option_sale),
    of_store("menu/choices/new", choices.choice),
    of_store("menu/choices/<slug:group>", choices.choice),
    of_store("menu/sections", menu.section),
    of_store("menu/sections/<slug:section>", menu.section),
    of_store("menu/sections/<slug:section>/remove", menu.remove_section),
    of_store("stays", stays.desk),
    of_store("stays/<slug:order>/<slug:what>", stays.act),
    of_store("nights", stays.nights),
    of_store("nights/change", stays.change),
    of_store("hours", hours.hours),
    of_store("reviews", reviews.reviews),
    of_store("reviews/<slug:review>/reply", reviews.reply),
    of_store("complaints", complaints.complaints),
    of_store("complaints/<slug:case>", complaints.complaint),
    of_store("complaints/<slug:case>/photos/<int:number>", complaints.photo),
    of_store("complaints/<slug:case>/answer", complaints.answer),
    of_store("complaints/<slug:case>/grant", complaints.grant),
    of_store("bookings", bookings.bookings),
    of_store("bookings/<slug:booking>/<slug:event>", bookings.step),
    of_store("team", team.team),
    of_store("team/<slug:member>", team.member),
    of_store("team/<slug:member>/off", team.off),
    of_store("team/<slug:member>/off/<int:number>/back", team.back),
    of_store("team/<slug:member>/gone", team.gone),
    of_store("services", services.services),
    of_store("services/new", services.service),
    of_store("services/<slug:offer>", services.service),
    of_store("till", till.till),
    of_store("passes", passes.passes),
    of_store("passes/new", passes.pass_),
    of_store("passes/<slug:offer>", passes.pass_),
    of_store("passes/<slug:offer>/sale", passes.sale),
    of_store("passes/<slug:offer>/remove", passes.remove),
    of_store("money", money.money),
    of_store("staff", staff.staff),
    of_store("staff/<slug:person>/leave", staff.leave),
    of_store("settings", settings.settings),
    of_store("settings/rings", settings.rings),
]
