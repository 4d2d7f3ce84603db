"""An order goes its way, and every step is written down."""

from tests.town import World


def test_delivery_from_cart_to_settled(world: World) -> None:
    order = world.place()
    assert (order.state, order.total) == ("placed", 2 * 2800 + 100 + 300)
    order = world.pay(order)
    assert order.state == "paid"
