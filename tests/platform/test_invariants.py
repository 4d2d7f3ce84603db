"""Rules that must always hold: how they come out, since when they are broken, and that a failing rule is a broken one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.platform import invariants

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def found(monkeypatch):
    """What the one rule finds."""
    violations: list[str] = []
    monkeypatch.setattr(invariants, "load_tasks", lambda: None)
    monkeypatch.setattr(invariants, "_RULES", {})
    invariants.rule("rice.enough")(lambda at: list(violations))
    return violations


def test_a_rule_that_holds_has_no_violations(found) -> None:
    assert invariants.check_all(NOON) == {"rice.enough": []}
    assert invariants.watch(at=NOON) == []
    assert [(state.name, state.violations, state.broken_since) for state in invariants.states()] == [("rice.enough", (), None)]


def test_a_broken_rule_remembers_since_when_and_recovers(found, caplog) -> None:
    found.append("store 7 has -1 rice")
    assert invariants.watch(at=NOON) == ["rice.enough"]
    invariants.watch(at=NOON + timedelta(minutes=5))
    (state,) = invariants.states()
    assert (state.broken_since, state.checked_at) == (NOON, NOON + timedelta(minutes=5))
    assert [record.first for record in caplog.records] == ["store 7 has -1 rice"] * 2
    found.clear()
    invariants.watch(at=NOON + timedelta(minutes=10))
    assert invariants.states()[0].broken_since is None


def test_a_rule_that_fails_is_broken_and_the_others_are_still_checked(found) -> None:
    invariants.rule("a.failing")(lambda at: 1 // 0)
    result = invariants.check_all(NOON)
    assert "ZeroDivisionError" in result["a.failing"][0]
    assert result["rice.enough"] == []


def test_two_rules_cannot_have_one_name(found) -> None:
    with pytest.raises(ValueError, match=r"rice\.enough"):
        invariants.rule("rice.enough")(lambda at: [])
