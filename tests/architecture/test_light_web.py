"""A web process stays light: what fits models, and the lake's library, is imported where the worker needs it, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sklearn", "lightgbm", "duckdb", "pyarrow", "statsmodels", "highspy", "pyvrp", "implicit", "ibis")
FITTING = ("linli.engines.recommend.fit", "linli.engines.recommend.fit_near", "linli.engines.segments")
_SERVE = """
import sys
import linli.serve
from django.urls import get_resolver
def walk(resolver):
    for part in resolver.url_patterns:
        if hasattr(part, "url_patterns"):
            walk(part)
walk(get_resolver())
{more}
print(*(name for name in {names} if name in sys.modules))
"""


def heavy(more: str = "") -> list[str]:
    """What of it a process has imported that serves, all addresses resolved."""
    code = _SERVE.format(more=more, names=HEAVY + FITTING)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_a_web_process_imports_nothing_that_fits() -> None:
    assert heavy() == []


def test_the_look_would_see_it() -> None:
    assert heavy("import linli.engines.recommend.fit, duckdb") == ["duckdb", "linli.engines.recommend.fit"]
