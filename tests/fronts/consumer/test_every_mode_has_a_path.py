"""An order's page knows every mode and every state: none of them has no words or no path."""

from __future__ import annotations

from linli.apps.orders import queries
from linli.fronts.web.consumer.words import STATES, STEPS


def test_every_mode_has_a_path_of_its_own_states_that_ends_where_it_is_had() -> None:
    for code, mode in queries.MODES.items():
        assert set(STEPS[code]) <= mode.machine.states
        assert (STEPS[code][0], STEPS[code][-1]) == (mode.machine.initial, mode.done)
        assert mode.machine.states <= set(STATES)
