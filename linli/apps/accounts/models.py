"""People, what they may do, the codes they sign in with, and where they live."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Person(models.Model):
    """Somebody known by a phone number (or by none, once erased)."""

    id = models.BigIntegerField(primary_key=True)
    phone = models.CharField(max_length=16, null=True, unique=True)
    name = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=10, default="zh-hans")
    care_mode = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    signed_out_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["signed_out_at"], name="person_signed_out", condition=Q(signed_out_at__isnull=False))]


class Role(models.Model):
    """A right to act as `kind` within `scope_id` (the store of a merchant; 0 where there is one scope only)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    scope_id = models.BigIntegerField(default=0)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "scope_id"], name="role_once"),
            models.CheckConstraint(condition=Q(kind__in=["merchant", "courier", "support", "operator"]), name="role_kind_known"),
        ]
        indexes = [models.Index(fields=["kind", "scope_id"], name="role_by_scope")]


PERSONALISATION = "personalisation"  # keeping what somebody does here, and choosing what they see by it
PURPOSES = (PERSONALISATION,)


class Consent(models.Model):
    """Somebody's answer to a purpose; without a row they were never asked, which counts as no."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=24)
    given = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose"], name="consent_once"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="consent_purpose_known"),
        ]


class SignInCode(models.Model):
    """A code sent to a phone; only its keyed hash is kept."""

    phone = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone", "purpose", "-sent_at"], name="code_newest")]


class Address(models.Model):
    """A place somebody has things brought to."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=16, blank=True)
    contact_name = models.CharField(max_length=64)
    phone = models.CharField(max_length=16)
    place = models.CharField(max_length=120)
    detail = models.CharField(max_length=120, blank=True)
    lat = models.FloatField()
    lng = models.FloatField()
    is_default = models.BooleanField(default=False)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(is_default=True), name="address_one_default"),
            models.CheckConstraint(condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180), name="address_on_earth"),
        ]
        indexes = [models.Index(fields=["person", "-used_at"], name="address_recent")]


class TrustedContact(models.Model):
    """Whom somebody wants told when a ride of theirs begins and ends."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    phone = models.CharField(max_length=16)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trusted by {self.person_id}"
