"""Rows are locked in one order, couriers by id and then jobs by id, so that no two changes wait for each other."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from linli.apps.fulfilment.models import Courier, Job
from linli.kernel.errors import N_, Conflict, NotFound

_TRIES = 5  # how often a job may change hands while somebody is trying to lock it


def lock_couriers(ids: Iterable[int | None]) -> dict[int, Courier]:
    """The couriers of `ids`, locked until the transaction ends; unknown ones are left out."""
    wanted = {courier for courier in ids if courier is not None}
    if not wanted:
        return {}
    return {row.pk: row for row in Courier.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}


def lock_job(*also: int, ref: str | None = None, job_id: int | None = None) -> Job:
    """The job, locked together with its courier and the couriers `also`. Raises NotFound."""
    key: dict[str, str | int | None] = {"ref": ref} if ref is not None else {"pk": job_id}
    for _ in range(_TRIES):
        holder = Job.objects.filter(**key).values_list("courier_id", flat=True)[:1]
        if not holder:
            raise NotFound("job.unknown", N_("There is no such delivery."))
        lock_couriers([*holder, *also])
        job = Job.objects.select_for_update().get(**key)
        if job.courier_id == holder[0]:
            return job
    raise Conflict("job.moving", N_("This delivery is changing hands just now. Please try again."))


def plan_changed(*ids: int | None) -> None:
    """What was planned for these couriers before does not count any more: a tick that planned with it will not assign."""
    Courier.objects.filter(pk__in=[courier for courier in ids if courier is not None]).update(version=F("version") + 1)
