"""The machine room: audit trail, jobs and outbox, rules that must always hold, messages of the sandbox, metrics."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from linli.apps.accounts import queries as accounts
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, show
from linli.kernel.errors import Problem
from linli.platform import audit as trail
from linli.platform import channels, invariants, jobs, outbox
from linli.platform.ids import seal, unseal
from linli.platform.telemetry.metrics import registry


def audit(request: Request) -> HttpResponse:
    """Who did what, newest first."""
    action, subject = request.GET.get("action", "").strip(), request.GET.get("subject", "").strip()
    page = trail.entries(action=action, subject=_subject(subject), cursor=request.GET.get("cursor"), limit=50)
    people = accounts.people(ids=[line.person_id for line in page.items])
    lines = [(line, people[line.person_id].name if line.person_id in people else "") for line in page.items]
    return show(request, "operator/audit.html", "audit", lines=lines, following=page.next_cursor, action=action, subject=subject)


def _subject(text: str) -> str:
    """What the trail calls a thing whose outside name was typed."""
    kind, dash, _ = text.partition("-")
    try:
        return f"{kind}:{unseal(kind, text)}" if dash and len(kind) == 2 else text
    except Problem:
        return text


def health(request: Request, problem: Problem | None = None) -> HttpResponse:
    """Jobs, those set aside, and the rules."""
    queue = jobs.health(request.at)
    errors = [(seal("jq", job.id), job) for job in queue.errors]
    told, rules = outbox.told(request.at - timedelta(hours=1)), invariants.states()
    return show(request, "operator/health.html", "health", problem=problem, queue=queue, errors=errors, rules=rules, told=told)


def job(request: Request, job: str) -> HttpResponse:
    """Try a job that was set aside once more, or throw it away."""
    job_id, what = unseal("jq", job), request.POST.get("act", "")
    try:
        if what == "retry":
            jobs.retry(job_id, at=request.at)
            before = None
        else:
            gone = jobs.discard(job_id)
            before = {"task": gone.task, "payload": gone.payload, "error": gone.cause}
    except Problem as problem:
        return health(request, problem)
    done = "retry" if what == "retry" else "discard"
    trail.record(actor=request.actor, action=f"job.{done}", subject=f"jq:{job_id}", at=request.at, before=before)
    return back("/operator/health", done)


def check(request: Request) -> HttpResponse:
    """Check every rule now."""
    invariants.watch(at=request.at)
    return back("/operator/health", "check")


def sent(request: Request) -> HttpResponse:
    """What the sandbox kept instead of sending it."""
    to = request.GET.get("to", "").strip()
    messages = channels.sent(to, limit=100) if to else channels.recent_sent(100)
    return show(request, "operator/sent.html", "sent", messages=messages, to=to)


def metrics(request: Request) -> HttpResponse:
    """What Prometheus would read."""
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
