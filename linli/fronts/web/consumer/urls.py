"""The addresses of the consumer's pages."""

from __future__ import annotations

from django.urls import path

from linli.fronts.web.consumer import addresses, after, carts, cashier, checkout, demo, home, living, me, orders, photos, searching, stores

urlpatterns = [
    path("", home.home),
    path("place", home.place),
    path("marks", home.marks),
    path("search", searching.search),
    path("stores/<slug:name>", stores.store),
    path("stores/<slug:name>/offers/<slug:of>", stores.offer),
    path("stores/<slug:name>/add", carts.add),
    path("cart", carts.carts),
    path("cart/<slug:name>", carts.cart),
    path("cart/<slug:name>/clear", carts.clear),
    path("cart/<slug:name>/lines/<slug:li>", carts.line),
    path("checkout/<slug:name>", checkout.checkout),
    path("pay/<slug:name>", cashier.pay),
    path("pay/<slug:name>/state", cashier.state),
    path("pay/<slug:name>/ask", cashier.ask),
    path("orders", orders.listing),
    path("orders/<slug:name>", orders.order),
    path("orders/<slug:name>/map.json", orders.whereabouts),
    path("orders/<slug:name>/cancel", orders.cancel),
    path("orders/<slug:name>/reorder", orders.reorder),
    path("orders/<slug:name>/tip", orders.tip),
    path("orders/<slug:name>/review", after.review),
    path("orders/<slug:name>/complain", after.complain),
    path("cases/<slug:name>", after.case),
    path("cases/<slug:name>/say", after.say),
    path("cases/<slug:name>/photos/<int:number>", photos.of_case),
    path("reviews/<slug:name>/photos/<int:number>", photos.of_review),
    path("stores/<slug:name>/reviews", after.reviews),
    path("messages", me.messages),
    path("me", me.me),
    path("me/profile", me.profile),
    path("me/care", me.care),
    path("me/coupons", me.coupons),
    path("me/coupons/<slug:name>/claim", me.claim),
    path("me/balance", me.balance),
    path("me/addresses", addresses.book),
    path("me/addresses/new", addresses.entry),
    path("me/addresses/suggest", addresses.suggest),
    path("me/addresses/<slug:name>", addresses.entry),
    path("me/addresses/<slug:name>/delete", addresses.delete),
    path("city/", living.city),
    path("city/map.json", living.whereabouts),
    path("demo/become", demo.become),
    path("demo/become/<slug:persona>", demo.become),
]
