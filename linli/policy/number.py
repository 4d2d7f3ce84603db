"""What a policy number is, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from linli.kernel.errors import N_, Invalid

Value = int | float | Decimal | bool

# Units and groups as they are shown, so that they can be translated.
UNITS = (
    N_("min"), N_("s"), N_("h"), N_("d"), N_("m"), N_("share"), N_("of 100"), N_("orders"), N_("x"), N_("min/h"), N_("declines"),
    N_("km/h"), N_("bp"), N_("fen"), N_("fen/km"), N_("yes/no"), N_("digits"), N_("tries"), N_("codes/h"), N_("requests/min"),
    N_("addresses"), N_("units"), N_("tries/h"), N_("voices"), N_("points"), N_("answers"), N_("stores"), N_("fen/min"), N_("people"),
    N_("events/d"), N_("rows"), N_("versions"), N_("lists"),
)  # fmt: skip
GROUPS = (
    N_("promises"),
    N_("dispatch"),
    N_("money"),
    N_("security"),
    N_("notices"),
    N_("accounts"),
    N_("stores"),
    N_("trips"),
    N_("rides"),
    N_("stays"),
    N_("dining"),
    N_("sandbox"),
    N_("search"),
    N_("insight"),
    N_("recommend"),
)

NUMBERS: dict[str, Number] = {}


@dataclass(frozen=True)
class Number:
    """A number (or a yes or no) that may be tuned between `low` and `high`. Its type is that of `default`.

    `reason` says in one English sentence what it does and where the default comes from; it is translated where it is shown.
    """

    name: str
    default: Value
    unit: str
    low: Value
    high: Value
    reason: str

    def __post_init__(self) -> None:
        if self.name in NUMBERS:
            raise ValueError(f"two policy numbers are called {self.name!r}")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"the default of {self.name} is out of its own bounds")
        NUMBERS[self.name] = self

    @property
    def group(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    def parse(self, text: str) -> Value:
        """The value that `text` says. Raises Invalid when it is no such value or out of bounds."""
        return self.checked(self._read(text.strip()))

    def checked(self, value: Value) -> Value:
        """`value` as this number's own type. Raises Invalid when it is out of bounds."""
        if not self.low <= value <= self.high:
            message = N_("%(name)s must lie between %(low)s and %(high)s %(unit)s.")
            raise Invalid("policy.bounds", message, field="value", name=self.name, low=self.low, high=self.high, unit=self.unit)
        return self._read(str(value))

    def _read(self, text: str) -> Value:
        try:
            if isinstance(self.default, bool):
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            value = Decimal(text)
            if not value.is_finite() or (isinstance(self.default, int) and value != int(value)):
                raise ValueError(text)
            return type(self.default)(value)
        except (KeyError, ValueError, InvalidOperation):
            message = N_("“%(text)s” is not a value for %(name)s.")
            raise Invalid("policy.unreadable", message, field="value", text=text[:40], name=self.name) from None
