"""Refusals inside a document: what is wrong with a line of a cart, or why a quote cannot be placed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from linli.fronts.api import problems
from linli.fronts.api.forms import Out
from linli.kernel.errors import Problem


class Fault(Out):
    """Why something cannot be done as it stands: a stable code, a sentence in the language asked for, facts for programs."""

    code: str
    detail: str
    params: dict[str, Any]


def document(problem: Problem) -> dict[str, Any]:
    """A refusal as it is written, for documents that are made by hand."""
    return {"code": problem.code, "detail": problems.words(problem), "params": problems.facts(problem)}


def _read(value: Any) -> Any:
    return Fault(code=value.code, detail=problems.words(value), params=problems.facts(value)) if isinstance(value, Problem) else value


FaultOut = Annotated[Fault, BeforeValidator(_read)]
