"""What happens to jobs, told to the rooms above. `ref` is whom the job is for, such as `or:17`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class JobOffered(Event):
    """A courier is asked; without an answer by `answer_by` somebody else is."""

    NAME = "fulfilment.job_offered"
    job_id: int
    ref: str
    courier_id: int
    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class JobAccepted(Event):
    """A courier will bring it, because it said so or because an operator decided."""

    NAME = "fulfilment.job_accepted"
    job_id: int
    ref: str
    courier_id: int
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class JobDeclined(Event):
    """A courier will not; `reason` is `no_answer` when it said nothing in time."""

    NAME = "fulfilment.job_declined"
    job_id: int
    ref: str
    courier_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CourierArrived(Event):
    """The courier is at the store."""

    NAME = "fulfilment.courier_arrived"
    job_id: int
    ref: str
    courier_id: int


@dataclass(frozen=True, kw_only=True)
class JobPickedUp(Event):
    """The courier has it."""

    NAME = "fulfilment.job_picked_up"
    job_id: int
    ref: str
    courier_id: int


@dataclass(frozen=True, kw_only=True)
class JobDelivered(Event):
    """It is at the door; `cash` minor units were to be collected there, `pay` is what the courier earned with it."""

    NAME = "fulfilment.job_delivered"
    job_id: int
    ref: str
    courier_id: int
    proof: str
    cash: int
    pay: int


@dataclass(frozen=True, kw_only=True)
class JobUnfound(Event):
    """Nobody has taken it for long; it goes on being offered until `until`. `final`: that is over, and it is called off."""

    NAME = "fulfilment.job_unfound"
    job_id: int
    ref: str
    until: datetime
    final: bool


@dataclass(frozen=True, kw_only=True)
class RideUnmatched(Event):
    """No driver was found in the time that was promised; the ride is over before it began."""

    NAME = "fulfilment.ride_unmatched"
    job_id: int
    ref: str


@dataclass(frozen=True, kw_only=True)
class RiderMissing(Event):
    """The driver waited and nobody came; the rider owes `fee`, out of which the driver gets `pay`."""

    NAME = "fulfilment.rider_missing"
    job_id: int
    ref: str
    courier_id: int
    fee: int
    pay: int


@dataclass(frozen=True, kw_only=True)
class RideDeviated(Event):
    """The car is off any sensible way: over where it is the ride would be `extra_m` straight metres longer."""

    NAME = "fulfilment.ride_deviated"
    job_id: int
    ref: str
    courier_id: int
    extra_m: int


@dataclass(frozen=True, kw_only=True)
class JobGivenUp(Event):
    """The courier cannot do it. `final`: it was on board already and comes to nothing; otherwise somebody else is asked."""

    NAME = "fulfilment.job_given_up"
    job_id: int
    ref: str
    courier_id: int
    reason: str
    final: bool


@dataclass(frozen=True, kw_only=True)
class PassUsed(Event):
    """A code was used in the store; `over`: no code of `ref` can be used any more."""

    NAME = "fulfilment.pass_used"
    pass_id: int
    ref: str
    store_id: int
    count: int
    over: bool


@dataclass(frozen=True, kw_only=True)
class PassesLapsed(Event):
    """The time of codes of `ref` is over."""

    NAME = "fulfilment.passes_lapsed"
    ref: str


@dataclass(frozen=True, kw_only=True)
class WaitAdvised(Event):
    """A courier with nothing to do had better wait at this place until then; it may as well not."""

    NAME = "fulfilment.wait_advised"
    courier_id: int
    lat: float
    lng: float
    until: datetime
