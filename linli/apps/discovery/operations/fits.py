"""Which fitted model answers: the newest, until somebody goes back to one before."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.discovery.fitted import folder
from linli.apps.discovery.models import Fit
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, NotFound
from linli.platform import audit


def publish_fit(*, city_id: int, version: int, metrics: dict[str, Any], keep: int, serve: bool = True, at: datetime) -> None:
    """Let this version, whose files are written, answer from now on, or (not `serve`) only keep it while another one answers.

    The `keep` newest versions stay to go back to, and the one that answers whatever its age.
    """
    with transaction.atomic():
        serve = serve or not Fit.objects.filter(city_id=city_id, state=Fit.SERVING).exists()
        if serve:
            Fit.objects.filter(city_id=city_id, state=Fit.SERVING).update(state=Fit.KEPT)
        Fit.objects.create(id=version, city_id=city_id, state=Fit.SERVING if serve else Fit.KEPT, metrics=metrics, fitted_at=at)
        newest = list(Fit.objects.filter(city_id=city_id).order_by("-id").values_list("id", flat=True))[:keep]
        old = Fit.objects.filter(city_id=city_id, state=Fit.KEPT).exclude(id__in=newest).values_list("id", flat=True)
        Fit.objects.filter(id__in=list(old)).delete()
    _tidy(city_id)


def retire_fits(*, city_id: int) -> None:
    """Nothing fitted answers or is kept any more."""
    Fit.objects.filter(city_id=city_id).delete()
    _tidy(city_id)


def _tidy(city_id: int) -> None:
    """Files of versions that are not kept; those of a fit that was never published are gone too."""
    kept = {str(version) for version in Fit.objects.filter(city_id=city_id).values_list("id", flat=True)}
    for path in folder(city_id).glob("*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


@transaction.atomic
def roll_back(*, city_id: int, version: int, actor: Actor, at: datetime) -> None:
    """Let a version that is kept answer again. Raises NotFound for one that is not kept."""
    if not Fit.objects.select_for_update().filter(city_id=city_id, id=version).exists():
        raise NotFound("fit.unknown", N_("This version is not kept any more."))
    before = Fit.objects.filter(city_id=city_id, state=Fit.SERVING).values_list("id", flat=True).first()
    Fit.objects.filter(city_id=city_id, state=Fit.SERVING).update(state=Fit.KEPT)
    Fit.objects.filter(id=version).update(state=Fit.SERVING)
    audit.record(actor=actor, action="fit.serve", subject=f"fit:{city_id}", at=at, before=before, after=version)
