"""What a campaign's JSON means, and the stacking rules that hold unless a campaign brings its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linli.engines.pricing.problem import Deal, Stack
from linli.kernel.errors import N_, Invalid

# Group of each kind, and the groups that it suffers beside it. A store's own reduction and a percentage never add up;
# a newcomer's gift goes with neither another coupon nor the store's reduction; a fee off goes with everything.
STACKING: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "full_reduction": ("store", ("coupon", "delivery")),
    "percent": ("store", ("coupon", "delivery")),
    "newcomer": ("newcomer", ("delivery",)),
    "coupon": ("coupon", ("store", "delivery")),
    "delivery": ("delivery", None),
}
_FIELDS = frozenset({"tiers", "percent_bp", "cap", "min", "target", "days", "once", "modes"})


def stack_of(kind: str, own: Mapping[str, Any]) -> Stack:
    """The stacking rule of a campaign of `kind`, its `own` JSON first."""
    group, beside = STACKING[kind]
    suffered = own.get("beside", beside)
    return Stack(str(own.get("group", group)), None if suffered is None else frozenset(suffered))


def deal_of(*, campaign_id: int, kind: str, rules: Mapping[str, Any], stack: Mapping[str, Any], coupon_id: int | None) -> Deal:
    """The campaign as the pricing engine knows it."""
    return Deal(
        id=campaign_id,
        kind=kind,  # type: ignore[arg-type]
        stack=stack_of(kind, stack),
        target=rules.get("target", "delivery" if kind == "delivery" else "goods"),
        tiers=tuple((int(least), int(off)) for least, off in rules.get("tiers", ())),
        percent_bp=int(rules.get("percent_bp", 0)),
        minimum=int(rules.get("min", 0)),
        cap=rules.get("cap"),
        coupon_id=coupon_id,
    )


def once(kind: str, rules: Mapping[str, Any]) -> bool:
    """Whether a person may use the campaign only once ever."""
    return bool(rules.get("once", kind == "newcomer"))


def modes(rules: Mapping[str, Any]) -> tuple[str, ...]:
    """The service modes in which the campaign counts; empty means all."""
    return tuple(rules.get("modes", ()))


def verify(kind: str, rules: Mapping[str, Any]) -> None:
    """Raises Invalid when `rules` are none that a campaign of `kind` can follow."""
    tiers = rules.get("tiers", [])
    sound = (
        kind in STACKING
        and set(rules) <= _FIELDS
        and all(len(tier) == 2 and tier[0] >= 0 and tier[1] > 0 for tier in tiers)
        and all(tier[1] <= tier[0] or kind in ("delivery", "newcomer", "coupon") for tier in tiers)
        and 0 <= rules.get("percent_bp", 0) <= 10_000
        and rules.get("target", "goods") in ("goods", "delivery")
        and (tiers or rules.get("percent_bp"))
    )
    if not sound:
        raise Invalid("campaign.rules", N_("These rules take nothing off, or more than there is."), field="rules")
