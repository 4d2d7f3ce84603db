"""The dispatch desk: the queue with the latest first, routes on the map, pins and bans by button, and other numbers tried."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.kernel.geo import Point
from linli.platform import policies
from linli.platform.ids import seal
from tests.fronts.operator.test_console import Desk, desk  # noqa: F401
from tests.town import NOODLES


def waiting(desk: Desk):  # type: ignore[no-untyped-def]  # noqa: F811
    """An accepted order that waits for a courier, its job, and Qian on duty far from the store."""
    fulfilment.go_online(courier_id=desk.world.qian, point=Point(NOODLES.lat + 0.02, NOODLES.lng), at=desk.world.at)
    order = desk.world.accepted()
    return order, street.job(ref=order.ref)


def test_the_queue_shows_what_waits_and_the_map_the_routes(desk: Desk) -> None:  # noqa: F811
    order, job = waiting(desk)
    text = desk.operator.get("/operator/dispatch").content.decode()
    assert job.pickup_name in text
    assert f"/operator/orders/{seal('or', order.id)}/assign" in text
    assert desk.operator.get("/operator/dispatch/live.json").json()["lines"] == []
    fulfilment.assign(job_id=job.id, courier_id=desk.world.qian, actor=desk.world.ou, at=desk.world.at)
    lines = desk.operator.get("/operator/dispatch/live.json").json()["lines"]
    assert [len(line) for line in lines] == [3]
    assert lines[0][1] == [job.pickup.lat, job.pickup.lng]


def test_pins_and_bans_are_buttons(desk: Desk) -> None:  # noqa: F811
    order, job = waiting(desk)
    base, courier = f"/operator/orders/{seal('or', order.id)}", seal("co", desk.world.qian)
    steps = [
        ("pin", {"pinned_id": desk.world.qian}), ("unpin", {"pinned_id": None}), ("ban", {"banned": (desk.world.qian,)}),
        ("allow", {"banned": ()}),
    ]  # fmt: skip
    for verb, after in steps:
        answer = desk.operator.post(f"{base}/{verb}", {"courier": courier})
        assert (answer.status_code, answer["Location"]) == (303, f"{base}/assign?done={verb}")
        now = street.job(job_id=job.id)
        assert {name: getattr(now, name) for name in after} == after
    assert desk.operator.post(f"{base}/pin", {"courier": "co-nonsense"}).status_code == 404
    assert desk.operator.post(f"{base}/pin", {}).status_code == 404
    desk.operator.post(f"{base}/pin", {"courier": courier})
    text = desk.operator.get(f"{base}/assign").content.decode()
    assert f"{base}/unpin" in text


def test_other_numbers_are_tried_on_the_page_and_nonsense_is_said(desk: Desk) -> None:  # noqa: F811
    _, job = waiting(desk)
    tick = fulfilment.tick(city_id=desk.world.city_id, at=desk.world.at)
    page = f"/operator/dispatch/ticks/{seal('tk', tick.id)}"
    assert "With these numbers" not in desk.operator.get(page).content.decode()
    assert "With these numbers" in desk.operator.get(f"{page}?slack_s=0&reach_m=10").content.decode()
    for wrong in ("late=-1", "late=x", "bundle=9", "late=nan", "late=1e999"):
        assert desk.operator.get(f"{page}?{wrong}").status_code == 422, wrong
    assert street.job(job_id=job.id).tick_id in (None, tick.id)


def test_more_couriers_under_way_cost_no_more_statements(desk: Desk) -> None:  # noqa: F811
    def statements() -> int:
        policies.forget()  # so that a slow machine reads them no oftener than a quick one
        with CaptureQueriesContext(
            connection,
        ) as seen:
            desk.operator.get("/operator/dispatch/part")
        return len(seen)

    _, job = waiting(desk)
    fulfilment.assign(job_id=job.id, courier_id=desk.world.qian, actor=desk.world.ou, at=desk.world.at)
    statements()
    one = statements()
    fulfilment.go_online(courier_id=desk.world.zhao, point=NOODLES, at=desk.world.at)
    second = desk.world.accepted()
    fulfilment.assign(job_id=street.job(ref=second.ref).id, courier_id=desk.world.zhao, actor=desk.world.ou, at=desk.world.at)
    assert statements() <= one
