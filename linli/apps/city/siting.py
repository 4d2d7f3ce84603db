"""Stations, lockers and dark stores: those there are, and those that somebody proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.apps.city.models import City, Site, Siting
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid, NotFound
from linli.kernel.geo import Point
from linli.kernel.ids import new_id
from linli.kernel.states import Machine, table
from linli.platform import audit

SITE_KINDS = ("station", "locker", "dark_store")
SITE = Machine(
    "site",
    "proposed",
    table("""
        proposed | open  | open   | operator
        proposed | drop  | closed | operator system
        open     | close | closed | operator
    """),
    {"open": frozenset({"serves"})},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A place that a run proposes, and the share of demand (0 to 1) that would be nearest to it."""

    point: Point
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingFigures:
    """What a run rests on and comes to: deliveries counted over so many days, mean seconds from the nearest site to a door as it is
    (None without a site) and with the proposed ones, and the proven gap (0 to 1) to the best possible choice."""

    days: int
    orders: int
    before_s: float | None
    after_s: float
    gap: float


def _operator(actor: Actor) -> None:
    if actor.role != "operator":
        raise Forbidden("site.by_hand", N_("Only an operator decides where things stand."))


def _kind(kind: str) -> str:
    if kind not in SITE_KINDS:
        raise Invalid("site.kind", N_("“%(kind)s” is not a kind of site."), kind=kind, field="kind")
    return kind


@transaction.atomic
def put_site(*, city_id: int, kind: str, name: str, point: Point, actor: Actor, at: datetime) -> int:
    """The id of a site that is open from now on. Audited. Raises Invalid for an unknown kind, no name or a place outside; NotFound."""
    _operator(actor)
    city = City.objects.filter(pk=city_id).first()
    if city is None:
        raise NotFound("city.unknown", N_("There is no such city."))
    if not (city.south <= point.lat <= city.north and city.west <= point.lng <= city.east):
        raise Invalid("site.outside", N_("This place lies outside the city."), field="point")
    if not name.strip():
        raise Invalid("site.name", N_("A site needs a name."), field="name")
    site = Site.objects.create(
        id=new_id(at), city_id=city_id, kind=_kind(kind), state="open", name=name.strip()[:80], lat=point.lat, lng=point.lng, since=at
    )
    audit.record(actor=actor, action="site.put", subject=f"si:{site.pk}", at=at, before=None, after=kind)
    return site.pk


@transaction.atomic
def propose(*, city_id: int, kind: str, sites: Sequence[Proposal], figures: SitingFigures, at: datetime) -> int:
    """The id of the run; its proposals take the place of those that were proposed for this kind before."""
    Site.objects.filter(city_id=city_id, kind=_kind(kind), state="proposed").update(state="closed", since=at)
    run = Siting.objects.create(
        id=new_id(at), city_id=city_id, kind=kind, at=at, days=figures.days, orders=figures.orders, before_s=figures.before_s,
        after_s=figures.after_s, gap=figures.gap,
    )  # fmt: skip
    Site.objects.bulk_create(
        Site(
            id=new_id(at), city_id=city_id, kind=kind, state="proposed", lat=one.point.lat, lng=one.point.lng, siting=run, share=one.share,
            since=at,
        )
        for one in sites
    )  # fmt: skip
    return run.pk


@transaction.atomic
def decide_site(*, site_id: int, event: str, name: str = "", actor: Actor, at: datetime) -> None:
    """`open` or `drop` what is proposed, `close` what is open. Audited. Raises Conflict by the state table, Forbidden, NotFound."""
    _operator(actor)
    site = Site.objects.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise NotFound("site.unknown", N_("There is no such site."))
    before = site.state
    if event not in SITE.events(before, actor.role):
        raise Conflict("site.state", N_("That cannot be done with this site any more."))
    site.state, site.since, site.name = SITE.step(before, event, actor), at, name.strip()[:80] or site.name
    site.save(update_fields=["state", "since", "name"])
    audit.record(actor=actor, action=f"site.{event}", subject=f"si:{site_id}", at=at, before=before, after=site.state)
