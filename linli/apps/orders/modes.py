"""The service modes: for each its state table and its rules, all data. A new mode is a new entry here and words for its states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from linli.apps.orders import states
from linli.kernel.errors import N_, Invalid
from linli.kernel.states import Machine
from linli.policy import promises, rides
from linli.policy.number import Number


@dataclass(frozen=True, slots=True)
class Cut:
    """One rule of calling off: in `states` (empty: in any), with less than `notice` to go before it begins (None: whenever), the person
    pays `fee` (hundredths of a percent of what was paid; None: nothing). The first that fits counts."""

    states: frozenset[str] = frozenset()
    notice: Number | None = None
    fee: Number | None = None


@dataclass(frozen=True, slots=True)
class AfterSales:
    """What a person may ask for afterwards: within how many days, and about what (kinds of complaints; see `care`)."""

    within: Number = promises.COMPLAIN_WITHIN_D
    about: tuple[str, ...] = ("late", "missing", "wrong", "quality", "courier", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How one service mode differs from the others.

    `takes`: the kinds of offers that it can hold. `time`: how it is chosen: "now_or_slot" by the order, "line" by each line, or "none".
    `to_address`: it is brought to an address within a ring of the store, whose fee and minimum count. `courier`: fulfilment brings it.
    `driver`: paid, fulfilment looks for a driver, and says what calling off costs.
    `packaging`: it is packed for the way. `tips`: a tip can go with it. `codes`: paid, it is a code for each line, used in the store.
    `done`: the state in which the person has what was ordered. `moves`: events of its table that `operations.advance` carries out, and
    `proven`: those of them for which the order's code is to be said. `begun`: the state in which it is being had.
    `says`: where the person says the order's code: at the counter, at the door to the courier, or nowhere.
    `cancel`: what calling off costs; what is kept goes to the store. Refused by the store it costs nothing.
    """

    code: str
    name: str
    machine: Machine
    done: str
    takes: frozenset[str] = frozenset({"dish"})
    time: Literal["now_or_slot", "line", "none"] = "now_or_slot"
    to_address: bool = False
    courier: bool = False
    driver: bool = False
    packaging: bool = False
    tips: bool = False
    codes: bool = False
    says: Literal["", "counter", "door"] = ""
    begun: str = ""
    moves: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()
    cancel: tuple[Cut, ...] = ()
    after_sales: AfterSales = AfterSales()

    @property
    def answered(self) -> bool:
        """Whether a store takes it on (or refuses it) once it is paid."""
        return bool(self.machine.sources("accept"))

    @property
    def kitchen(self) -> bool:
        """Whether it is made ready, rather than kept for a time."""
        return bool(self.machine.sources("ready"))


_BOOKED = AfterSales(about=("late", "wrong", "quality", "other"))
_BY_NOTICE = (
    Cut(frozenset({"placed", "paid"})),
    Cut(notice=promises.CANCEL_LATE_MIN, fee=promises.CANCEL_LATE_BP),
    Cut(notice=promises.CANCEL_NOTICE_MIN, fee=promises.CANCEL_BP),
)

MODES = {
    mode.code: mode
    for mode in (
        Mode(code="delivery", name=N_("Delivery"), machine=states.DELIVERY, to_address=True, courier=True, packaging=True, tips=True,
             done="delivered", says="door"),
        Mode(code="pickup", name=N_("Pickup"), machine=states.PICKUP, packaging=True, done="collected", says="counter",
             after_sales=AfterSales(about=("late", "missing", "wrong", "quality", "other"))),
        Mode(code="dine_in", name=N_("Eat in"), machine=states.DINE_IN, done="served", moves=frozenset({"serve"}),
             after_sales=AfterSales(about=("late", "missing", "wrong", "quality", "other"))),
        Mode(code="table", name=N_("Table"), machine=states.TABLE, takes=frozenset({"table"}), time="line", begun="arrived", done="left",
             moves=frozenset({"arrive", "leave"}), cancel=_BY_NOTICE, after_sales=_BOOKED),
        Mode(code="appointment", name=N_("Appointment"), machine=states.APPOINTMENT, takes=frozenset({"service"}), time="line",
             begun="arrived", done="finished", moves=frozenset({"arrive", "finish"}), cancel=_BY_NOTICE, after_sales=_BOOKED),
        Mode(code="stay", name=N_("Stay"), machine=states.STAY, takes=frozenset({"room"}), time="line", begun="checked_in",
             done="checked_out", moves=frozenset({"check_in", "check_out"}), cancel=_BY_NOTICE, after_sales=_BOOKED),
        Mode(code="ride", name=N_("Ride"), machine=states.RIDE, takes=frozenset({"ride"}), time="line", begun="riding", done="finished",
             tips=True, driver=True, moves=frozenset({"match", "arrive", "start", "finish"}), proven=frozenset({"start"}),
             cancel=(Cut(frozenset({"confirmed"}), notice=rides.BOOK_NOTICE_MIN, fee=rides.BOOK_LATE_BP),),
             after_sales=AfterSales(about=("lost", "safety", "late", "courier", "wrong", "other"))),
        Mode(code="voucher", name=N_("Voucher"), machine=states.VOUCHER, takes=frozenset({"voucher", "ticket"}), time="none", codes=True,
             done="redeemed", after_sales=_BOOKED),
    )
}  # fmt: skip
# By the terms of a line, how its order is paid when not in the cashier. What is `UNCHARGED` is confirmed before any money has come; of what
# is `PAID_THERE`, to somebody else, nothing can be kept.
PAID_BY = {"at_hotel": "desk", "later": "later"}
UNCHARGED = frozenset({"cash", *PAID_BY.values()})
PAID_THERE = UNCHARGED - {"later"}
OWED = frozenset({"tab", "later"})  # with these the parties get their parts only once what is owed has been paid
DONE = frozenset(mode.done for mode in MODES.values())
BEGUN = frozenset(mode.begun for mode in MODES.values() if mode.begun)
FOR_KIND = {kind: mode.code for mode in reversed(MODES.values()) for kind in mode.takes}  # the first mode that takes it


def mode(code: str) -> Mode:
    """The mode called `code`. Raises Invalid."""
    if code not in MODES:
        raise Invalid("mode.unknown", N_("This cannot be ordered in that way."), field="mode")
    return MODES[code]
