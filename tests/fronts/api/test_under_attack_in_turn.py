"""One call after the other: what an answer brought is what the next call is about, as Schemathesis infers it from the description.

Every role walks the paths that are open to it, from things that it made itself to what can be done with them, in any order and with any
words that fit. `LINLI_EXAMPLES=500` walks further.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.generation.stateful.state_machine import APIStateMachine

from linli.apps.accounts import signed_out
from linli.fronts.api import pace
from linli.platform import policies
from tests.conftest import _SEARCH
from tests.fronts.api.attack import ROLES, Stranger, admitted, description, owned, sound
from tests.town import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WALKS, STEPS = _SEARCH or 8, 8


def machine(role: str, stranger: Stranger, seen: dict[str, set[int]]) -> type[APIStateMachine]:
    """The walks of a role; what each leaves behind is undone before the next."""
    walks: Any = description().include(lambda context: admitted(role, context.operation)).as_state_machine()

    class Walks(walks):  # type: ignore[misc]
        def setup(self) -> None:
            self.undone = ExitStack()
            self.undone.enter_context(stranger.anew())
            self.undone.enter_context(transaction.atomic())
            for forget in (pace.forget, signed_out.forget, policies.forget):
                forget()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undone.close()

        def before_call(self, case: Any) -> None:
            stranger.bend(case)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": stranger.headers()}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            seen.setdefault(case.operation.label, set()).add(response.status_code)
            sound(case, response)

    return Walks


@pytest.mark.parametrize("role", ROLES)
def test_whatever_follows_upon_whatever(role: str, world: World, settings_of_files: None) -> None:
    seen: dict[str, set[int]] = {}
    with owned(world) as estate:
        machine(role, Stranger(role, estate, role), seen).run(
            settings=settings(
                max_examples=WALKS, stateful_step_count=STEPS, deadline=None, database=None, derandomize=not _SEARCH,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate],
            )
        )  # fmt: skip
    done = [label for label, statuses in seen.items() if any(status < 300 for status in statuses)]
    assert len(seen) > 5, seen
    assert len(done) > 2, seen


@pytest.fixture
def settings_of_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
