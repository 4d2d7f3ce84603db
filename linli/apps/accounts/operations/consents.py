"""What people agree to, purpose by purpose; taking it back is one step, as giving it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.accounts.events import ConsentChanged
from linli.apps.accounts.models import PURPOSES, Consent
from linli.apps.accounts.queries import person
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, NotFound
from linli.platform import audit, outbox


@transaction.atomic
def set_consent(*, person_id: int, purpose: str, given: bool, at: datetime) -> None:
    """Keep the person's answer and tell it; the same answer again changes nothing. Raises NotFound for nobody and for no such purpose."""
    if purpose not in PURPOSES:
        raise NotFound("consent.unknown", N_("Nobody asks for your consent to that."))
    person(person_id=person_id)
    row, fresh = Consent.objects.select_for_update().get_or_create(
        person_id=person_id, purpose=purpose, defaults={"given": given, "changed_at": at}
    )
    if row.given == given and not (fresh and given):
        return
    Consent.objects.filter(pk=row.pk).update(given=given, changed_at=at)
    answered = "given" if given else "withdrawn"
    audit.record(actor=Actor("consumer", person_id), action=f"consent.{answered}", subject=f"pe:{person_id}", at=at, after={"to": purpose})
    outbox.tell(ConsentChanged(person_id=person_id, purpose=purpose, given=given), at=at)


def end_consents(*, person_id: int, at: datetime) -> None:
    """Take back everything the person had agreed to; part of erasing them."""
    for purpose in Consent.objects.filter(person_id=person_id, given=True).values_list("purpose", flat=True):
        outbox.tell(ConsentChanged(person_id=person_id, purpose=purpose, given=False), at=at)
    Consent.objects.filter(person_id=person_id).delete()
