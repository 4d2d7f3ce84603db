"""Two answers to the same problem, side by side: what would be otherwise, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Problem
from linli.engines.dispatch.result import Result


@dataclass(frozen=True, slots=True)
class Sums:
    """What an answer comes to over its assignments. Seconds: `late` and `door` are means over the orders given, `ride` is all that
    couriers ride more for them.
    """

    assigned: int
    postponed: int
    unassigned: int
    ride_s: float
    door_s: float
    late_s: float
    late: int


@dataclass(frozen=True, slots=True)
class Move:
    """An order that is decided otherwise: the courier before and after (None for nobody yet), and when it is at the door (s), if said."""

    order: int
    before: int | None
    after: int | None
    door_before: float | None
    door_after: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sums of both answers, and the orders that differ."""

    before: Sums
    after: Sums
    moves: tuple[Move, ...]


def compare(problem: Problem, before: Result, after: Result) -> Comparison:
    """What `after` does otherwise than `before` about the orders of `problem`."""
    was, now = _doors(before), _doors(after)
    moves = (
        Move(
            order.id,
            *(table.get(order.id, (None, None))[0] for table in (was, now)),
            *(t.get(order.id, (None, None))[1] for t in (was, now)),
        )
        for order in problem.orders
    )
    differ = tuple(move for move in moves if (move.before, move.door_before) != (move.after, move.door_after))
    return Comparison(_sums(problem, before), _sums(problem, after), differ)


def _doors(result: Result) -> dict[int, tuple[int, float]]:
    """For each order given away: to whom, and when the courier leaves its door."""
    return {
        visit.stop.order: (assignment.courier, visit.leave)
        for assignment in result.assignments
        for visit in assignment.visits
        if visit.stop.kind == "drop" and visit.stop.order in assignment.orders
    }


def _sums(problem: Problem, result: Result) -> Sums:
    promised = {order.id: order.promise_at for order in problem.orders}
    doors = {order: door for order, (_, door) in _doors(result).items()}
    late = [max(0.0, door - promised[order]) for order, door in doors.items()]
    count = max(1, len(doors))
    return Sums(
        len(doors),
        sum(len(part.orders) for part in result.postponed),
        sum(len(part.orders) for part in result.unassigned),
        sum(assignment.cost.ride for assignment in result.assignments),
        sum(door - problem.at for door in doors.values()) / count,
        sum(late) / count,
        sum(second > 0 for second in late),
    )


def changed(params: Params, text: dict[str, str]) -> Params:
    """`params` with the named numbers read from text. Raises ValueError for an unknown name or a value out of bounds."""
    known = params.to_json()
    if unknown := sorted(set(text) - set(known)):
        raise ValueError(f"there is no parameter {unknown[0]!r}; there are {', '.join(known)}")
    return Params.from_json(known | {name: _read(name, value, known[name]) for name, value in text.items()})


def _read(name: str, text: str, like: object) -> object:
    try:
        if isinstance(like, bool):
            return {"1": True, "true": True, "on": True, "0": False, "false": False, "": False}[text.lower()]
        number = float(text)
        if isinstance(like, int) and number != int(number):
            raise ValueError(text)
        return type(like)(number)  # type: ignore[call-arg]
    except (KeyError, ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is no value for {name}") from None
