"""What several walks begin with: a store with a menu, somebody at home with money, an order."""

from __future__ import annotations

from linli.apps.payments import operations as payments
from linli.kernel.actors import SYSTEM
from linli.platform import ids, jobs
from tests import world
from tests.fronts.api.conftest import NOON

HERE = {"lat": world.DENGSHIKOU.lat, "lng": world.DENGSHIKOU.lng}
HOME = {"label": "家", "contact_name": "韩梅梅", "phone": "13800138000", "place": "灯市口", "detail": "3-201", "is_default": True, **HERE}
KEY = "order-0001"


def open_shop(consumer):
    """City, store and offers; the consumer has 200 yuan on the balance."""
    city = world.beijing()
    store = world.noodles(city)
    payments.give_balance(person_id=consumer.id, amount=20_000, key="gift", reason="test", by=SYSTEM, at=NOON)
    return city, store, world.noodle_menu(store)


def at_home(client):
    client.address = client.post("/me/addresses", HOME).json()["id"]
    return client


def sealed(shop):
    _, store, offers = shop
    return ids.seal("st", store), {name: ids.seal("of", offer) for name, offer in offers.items()}


def fill(client, shop, qty=2):
    store, offers = sealed(shop)
    response = client.post(f"/carts/{store}/lines", {"offer_id": offers["tofu"], "qty": qty, "note": "少辣"})
    assert response.status_code == 201, response.content
    return response.json()


def want(client, shop, **changes):
    return {"store_id": sealed(shop)[0], "mode": "delivery", "address_id": client.address} | changes


def quoted(client, shop, **changes):
    response = client.post("/quotes", want(client, shop, **changes))
    assert response.status_code == 200, response.content
    return response.json()


def placed(client, shop, key=KEY, **changes):
    quote = quoted(client, shop, **changes)
    assert quote["problems"] == []
    body = want(client, shop, **changes) | {"quote_token": quote["token"], "method": "balance"}
    return client.post("/orders", body, **{"idempotency-key": key})


def paid(client, shop, key=KEY, **changes):
    order = placed(client, shop, key, **changes).json()
    payment = client.get(f"/orders/{order['id']}/payment").json()
    assert client.post(f"/payments/{payment['intent']['id']}/start", {"method": "balance"}).json()["kind"] == "done"
    jobs.drain(NOON)
    return client.get(f"/orders/{order['id']}").json()
