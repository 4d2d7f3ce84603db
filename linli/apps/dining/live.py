"""What open pages hear of a table at once: the phones of those who sit there, and the screens of the store."""

from __future__ import annotations

from datetime import datetime

from linli.platform import ids, push


def tell(visit_id: int, store_id: int, at: datetime) -> None:
    """Something about the visit has changed. Heard only if the transaction commits."""
    data = {"visit": ids.seal("vi", visit_id)}
    push.publish_all(topics=(f"visit:{visit_id}", f"store:{store_id}"), event="table", data=data, at=at)


def tell_line(store_id: int, at: datetime) -> None:
    """Something about the line of those who wait has changed."""
    push.publish_all(topics=(f"line:{store_id}", f"store:{store_id}"), event="line", data={}, at=at)
