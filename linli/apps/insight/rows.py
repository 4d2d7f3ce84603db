"""Deeds as rows on their way into the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.apps.insight.models import Noted
from linli.apps.insight.vocabulary import VERSION, Deed, mark, words_of


def write(city_id: int, person_id: int, deeds: Sequence[Deed], at: datetime) -> None:
    """One INSERT; what is there already stays as it is. `person_id` is 0 for nobody in particular."""
    rows = [
        Noted(
            mark=mark(person_id, deed), version=VERSION, kind=deed.kind, person_id=person_id, city_id=city_id, store_id=deed.store_id,
            offer_id=deed.offer_id, at=deed.at, received_at=at, section=deed.section, place=deed.place, seconds=deed.seconds,
            text=words_of(deed.text), arm=deed.arm, amount=deed.amount, listed=deed.listed,
            chance=deed.chance,
        )
        for deed in deeds
    ]  # fmt: skip
    Noted.objects.bulk_create(rows, ignore_conflicts=True)
