"""What is a courier's own."""

from __future__ import annotations

from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import JobView
from linli.fronts.web.identity import Request
from linli.kernel.errors import N_, Gone, NotFound
from linli.platform.ids import unseal


def mine(request: Request, sealed: str) -> JobView:
    """The job, if it is this courier's. Raises Gone if it was, NotFound otherwise."""
    job = queries.job(job_id=unseal("jb", sealed))
    if job.left(request.actor.person_id):
        raise Gone("offer.gone", N_("This delivery is with somebody else now, or was called off."))
    if job.courier_id != request.actor.person_id:
        raise NotFound("job.unknown", N_("There is no such delivery."))
    return job
