"""The street's part of the cast: three couriers near 灯市口, and a way to ask for something to be brought."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.fulfilment import operations
from linli.apps.fulfilment.operations import DropStop, PickupStop
from linli.kernel.geo import Point
from tests.world import DENGSHIKOU, MONDAY_NOON

NOON = MONDAY_NOON
WANG, LI, ZHAO = 901, 902, 903  # 小王, 小李, 小赵: from near to far
NOODLES = Point(39.9200, 116.4190)


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def courier(person_id: int, city_id: int, *, point: Point = DENGSHIKOU, capacity: int = 6, on: bool = True, at: datetime = NOON) -> int:
    """A courier on duty at `point`."""
    operations.add_courier(person_id=person_id, city_id=city_id, vehicle="bike", capacity=capacity, at=at - timedelta(days=30))
    if on:
        operations.go_online(courier_id=person_id, point=point, at=at)
    return person_id


def wanted(city_id: int, ref: str = "or:1", *, at: datetime = NOON, ready_in: float = 5, drop: Point | None = None, **more: object) -> int:
    """A meal from 兰州牛肉面 to 灯市口, ready in so many minutes; the code at the door is 2468."""
    door = drop or Point(39.9100, 116.4200)
    values: dict[str, object] = {"load": 1, "pickup_code": "A17", "fee": 500} | more
    return operations.request(
        ref=ref,
        city_id=city_id,
        pickup=PickupStop(store_id=7, name="兰州牛肉面", address="灯市口大街 1 号", lat=NOODLES.lat, lng=NOODLES.lng),
        drop=DropStop(name="陈女士", phone="13800002468", address="东单北大街 3 号", detail="2 单元 501", lat=door.lat, lng=door.lng),
        ready_at=at + timedelta(minutes=ready_in),
        promise_at=at + timedelta(minutes=ready_in + 30),
        at=at,
        **values,  # type: ignore[arg-type]
    )
