"""`linli dispatch`: look back at dispatch decisions: list them, make one again, explain it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.fulfilment import queries
from linli.engines.dispatch.explain import Explanation
from linli.engines.dispatch.route import Cost
from linli.kernel.errors import NotFound, Problem
from linli.platform.ids import seal, unseal


class Command(BaseCommand):
    help = "Look back at dispatch decisions."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="the latest decisions of a city")
        listing.add_argument("--city", default="", help="the city's short name (default: the first city)")
        replay = verbs.add_parser("replay", help="make a decision again and see that the answer is the same")
        replay.add_argument("tick", help="its address as the console shows it (tk-…), its number, or “last”")
        replay.add_argument("--why", action="store_true", help="also say for each delivery why this courier and why not the others")
        replay.add_argument("--set", dest="changes", action="append", default=[], metavar="NAME=VALUE", help="then try other numbers on it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "list":
                self._list(options["city"])
            else:
                tick_id = _tick(options["tick"])
                self._replay(tick_id, options["why"])
                if options["changes"]:
                    self._what_if(tick_id, options["changes"])
        except Problem as problem:
            raise CommandError(str(problem)) from None

    def _list(self, slug: str) -> None:
        place = city.city(slug=slug) if slug else city.default_city()
        for tick in queries.ticks(city_id=place.id, limit=20).items:
            said = "  ".join(f"{name} {count}" for name, count in tick.counts.items())
            self.stdout.write(f"{seal('tk', tick.id)}  {tick.at:%F %T}  {said}  {tick.ms} ms")

    def _replay(self, tick_id: int, why: bool) -> None:
        replay = queries.replay(tick_id=tick_id)
        tick = replay.tick
        self.stdout.write(
            f"{tick.at:%F %T} UTC: {len(tick.problem.orders)} deliveries, {len(tick.problem.couriers)} couriers, seed {tick.seed}"
        )
        if why:
            names = {key: view.name for key, view in accounts.people(ids=[c.id for c in tick.problem.couriers]).items()}
            for explanation in queries.explanations(tick_id=tick_id, most=8).values():
                self._explain(explanation, names)
        for fault in replay.faults:
            self.stdout.write(f"fault: {fault}")
        if not replay.same or replay.faults:
            raise CommandError("The decision made again is not the same." if not replay.same else "The decision cannot be carried out.")
        self.stdout.write(f"Decided again in {replay.ms} ms: the same answer, and the independent check finds no fault.")

    def _what_if(self, tick_id: int, changes: list[str]) -> None:
        other = queries.what_if(tick_id=tick_id, changes={name: value for name, _, value in (text.partition("=") for text in changes)})
        before, after = asdict(other.comparison.before), asdict(other.comparison.after)
        self.stdout.write(f"With {', '.join(changes)}:")
        for name, value in before.items():
            self.stdout.write(f"    {name:12} {value:8.0f} -> {after[name]:8.0f}")
        names = {key: view.name for key, view in accounts.people(ids=[c.id for c in other.tick.problem.couriers]).items()}
        for move in other.comparison.moves:
            self.stdout.write(f"    delivery {move.order}: {_name(move.before, names)} -> {_name(move.after, names)}")
        for fault in other.faults:
            self.stdout.write(f"fault: {fault}")

    def _explain(self, why: Explanation, names: dict[int, str]) -> None:
        self.stdout.write(f"delivery {why.order} is {why.outcome}, {_name(why.courier, names)}{_parts(why.cost)}")
        for other in why.others:
            more = "" if other.more is None else f", {other.more:+.0f}"
            swap = "" if other.swap is None else f", changing over costs {other.swap:.0f} more in all"
            self.stdout.write(f"    not {_name(other.courier, names)}: {other.reason}{more}{swap}")


def _parts(cost: Cost | None) -> str:
    if cost is None:
        return ""
    seconds = {"ride": cost.ride, "wait": cost.wait, "cool": cost.cool, "door": cost.door, "late": cost.late}
    return f": {cost.total:.0f} = weighted " + ", ".join(f"{name} {value:.0f} s" for name, value in seconds.items())


def _name(courier: int | None, names: dict[int, str]) -> str:
    return "nobody" if courier is None else names.get(courier) or str(courier)


def _tick(text: str) -> int:
    """The number behind `tk-…`, a plain number, or the latest one. Raises NotFound."""
    if text == "last":
        latest = queries.ticks(city_id=city.default_city().id, limit=1).items
        if not latest:
            raise NotFound("tick.none", "Nothing has been decided yet.")
        return latest[0].id
    return int(text) if text.isascii() and text.isdigit() else unseal("tk", text)
