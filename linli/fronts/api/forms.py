"""What goes in and out: the base of all documents, and sealed identifiers as fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Self

from ninja import Header
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from linli.kernel.errors import N_, NotFound
from linli.platform import ids


class Out(BaseModel):
    """A document that goes out, read from a view of a query (`of`)."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def of(cls, view: Any) -> Self:
        """The document for a view with fields of the same names."""
        return cls.model_validate(view)


class In(BaseModel):
    """A document that comes in; fields that nobody knows are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    def given(self) -> dict[str, Any]:
        """The fields by name, as an operation takes them (`model_dump` would seal identifiers again)."""
        return {name: getattr(self, name) for name in type(self).model_fields}


@dataclass(frozen=True, slots=True)
class Sealed:
    """Metadata of a field that is a number inside and `kind-…` outside. What comes from outside is a sealed text and nothing else."""

    kind: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(self._write, return_schema=core_schema.str_schema()),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.kind}-[0-9a-z]{{13}}$"}

    def _read(self, value: Any, info: core_schema.ValidationInfo[Any]) -> int:
        if isinstance(value, int) and info.config and info.config.get("from_attributes"):  # a document of ours, from a view
            return value
        if not isinstance(value, str):
            raise NotFound("id.unknown", N_("There is nothing at this address."))
        return ids.unseal(self.kind, value)

    def _write(self, number: int) -> str:
        return ids.seal(self.kind, number)


PersonId = Annotated[int, Sealed("pe")]
AddressId = Annotated[int, Sealed("ad")]
StoreId = Annotated[int, Sealed("st")]
ListId = Annotated[int, Sealed("ls")]
OfferId = Annotated[int, Sealed("of")]
OptionId = Annotated[int, Sealed("op")]
GroupId = Annotated[int, Sealed("gr")]
SectionId = Annotated[int, Sealed("se")]
OrderId = Annotated[int, Sealed("or")]
LineId = Annotated[int, Sealed("li")]
IntentId = Annotated[int, Sealed("in")]
RefundId = Annotated[int, Sealed("rf")]
JobId = Annotated[int, Sealed("jb")]
IncidentId = Annotated[int, Sealed("ri")]
CaseId = Annotated[int, Sealed("cs")]
ReviewId = Annotated[int, Sealed("rv")]
MessageId = Annotated[int, Sealed("ms")]
CouponId = Annotated[int, Sealed("cp")]
CampaignId = Annotated[int, Sealed("ca")]
CityId = Annotated[int, Sealed("ci")]
CourierId = Annotated[int, Sealed("co")]
TrackId = Annotated[int, Sealed("tk")]
CheckoutId = Annotated[int, Sealed("ck")]
PassId = Annotated[int, Sealed("ps")]
PlanId = Annotated[int, Sealed("rp")]
ResourceId = Annotated[int, Sealed("rs")]
BookingId = Annotated[int, Sealed("bk")]
TableId = Annotated[int, Sealed("tb")]
VisitId = Annotated[int, Sealed("vi")]
PickId = Annotated[int, Sealed("pk")]
ShareId = Annotated[int, Sealed("sh")]
WaitingId = Annotated[int, Sealed("wa")]

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", min_length=8, max_length=80,
        description="New for each thing you mean, the same when you try again: then it happens once, and the answer is the same.",
    ),
]  # fmt: skip
Minor = Annotated[int, Field(description="Minor units of the currency (fen).")]
Amount = Annotated[int, Field(ge=0, le=100_000_000, description="Minor units of the currency (fen), not negative.")]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="Degrees north, WGS 84.")]
Lng = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="Degrees east, WGS 84.")]


class Spot(In):
    """A place on the earth."""

    lat: Lat
    lng: Lng


class SpotOut(Out):
    """A place on the earth in degrees, WGS 84."""

    lat: float
    lng: float


class Done(Out):
    """It is done; there is nothing more to say."""

    ok: bool = True
