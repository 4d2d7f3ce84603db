"""Open pages hear what happens, each what is for it, and only if it really happened."""

from __future__ import annotations

import pytest
from django.db import transaction

from linli.apps.fulfilment import operations
from linli.kernel.errors import Conflict
from linli.kernel.geo import Point
from linli.platform.ids import seal
from linli.platform.models import PushMessage
from tests import world
from tests.apps.fulfilment.street import WANG, courier, minutes, wanted

pytestmark = pytest.mark.django_db


def heard(topic: str) -> list[str]:
    return list(PushMessage.objects.filter(topic=topic).order_by("pk").values_list("event", flat=True))


def test_each_page_hears_its_own(db: None) -> None:
    place = world.beijing()
    courier(WANG, place)
    job = wanted(place, "or:77")
    operations.tick(city_id=place, at=minutes(2))
    assert heard(f"courier:{WANG}") == ["offer"]
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(2))
    PushMessage.objects.all().delete()
    operations.report(courier_id=WANG, points=[(Point(39.918, 116.419), minutes(3))], at=minutes(3))
    assert heard("order:77") == ["position"]
    message = PushMessage.objects.get(topic="order:77")
    assert message.data == {"id": "courier", "lat": 39.918, "lng": 116.419}
    assert PushMessage.objects.get(topic=f"city:{place}").data["courier"] == seal("co", WANG)
    operations.arrive(courier_id=WANG, job_id=job, at=minutes(4))
    assert heard("order:77") == ["position", "position", "job"]
    assert heard(f"courier:{WANG}") == ["job"]


def test_a_courier_without_a_delivery_is_nobodys_news_but_the_citys(db: None) -> None:
    place = world.beijing()
    courier(WANG, place)
    wanted(place, "or:77", ready_in=90)
    PushMessage.objects.all().delete()
    operations.report(courier_id=WANG, points=[(Point(39.918, 116.419), minutes(3))], at=minutes(3))
    assert set(PushMessage.objects.values_list("topic", flat=True)) == {f"city:{place}"}


def test_what_was_refused_is_not_told(db: None) -> None:
    place = world.beijing()
    courier(WANG, place)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(2))
    PushMessage.objects.all().delete()
    with pytest.raises(Conflict), transaction.atomic():
        operations.arrive(courier_id=WANG, job_id=job, at=minutes(3))
    assert not PushMessage.objects.exists()
