"""Couriers and drivers, their shifts and tracks, the jobs they do, what they earn, and every dispatch tick as it was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from linli.apps.fulfilment.states import CARS, DELIVERY, HELD, JOB, KINDS, SERVICES, SOLO


class Courier(models.Model):
    """A person of `accounts` who brings things or, with a car of class `drives`, people.

    `version` grows with every change of the courier's plan: a plan is made for one version.
    """

    person_id = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=12, default="bike")
    capacity = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=3, default="off")
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    position_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # the last sign of life, with or without a position
    idle_since = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=0)
    until_at = models.DateTimeField(null=True)  # when the shift is meant to end, if the courier has said
    wait_lat = models.FloatField(null=True)  # where to wait, while there is nothing to do
    wait_lng = models.FloatField(null=True)
    wait_until = models.DateTimeField(null=True)
    strikes = models.PositiveIntegerField(default=0)
    drives = models.CharField(max_length=8, blank=True, default="")
    plate = models.CharField(max_length=12, blank=True, default="")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=["on", "off"]), name="courier_state_known"),
            CheckConstraint(condition=Q(capacity__gte=1), name="courier_carries_something"),
            CheckConstraint(condition=Q(drives__in=["", *CARS]), name="courier_drives_known"),
            CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="courier_on_earth",
            ),
            CheckConstraint(
                condition=Q(wait_lat__isnull=True, wait_lng__isnull=True, wait_until__isnull=True)
                | Q(wait_until__isnull=False, wait_lat__gte=-90, wait_lat__lte=90, wait_lng__gte=-180, wait_lng__lte=180),
                name="courier_waits_on_earth",
            ),
            CheckConstraint(condition=Q(state="off") | Q(lat__isnull=False, position_at__isnull=False), name="courier_on_has_place"),
        ]
        indexes = [Index(fields=["city", "state"], name="courier_on_duty")]

    def __str__(self) -> str:
        return f"courier {self.person_id}"


class Shift(models.Model):
    """From going online to going off."""

    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="+")
    on_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["courier"], condition=Q(off_at__isnull=True), name="shift_one_open"),
            CheckConstraint(condition=Q(off_at__isnull=True) | Q(off_at__gte=F("on_at")), name="shift_forward"),
        ]
        indexes = [Index(fields=["courier", "-on_at"], name="shift_recent")]

    def __str__(self) -> str:
        return f"{self.courier_id} {self.on_at:%F %R}"


class Job(models.Model):
    """Something or somebody to be brought from one place to another, for whoever `ref` names."""

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=40, unique=True)
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, default=DELIVERY)
    state = models.CharField(max_length=10, default=JOB.initial)
    courier = models.ForeignKey(Courier, null=True, on_delete=models.PROTECT, related_name="+")

    pickup_store_id = models.BigIntegerField()
    pickup_name = models.CharField(max_length=200)
    pickup_address = models.CharField(max_length=300)
    pickup_lat = models.FloatField()
    pickup_lng = models.FloatField()
    drop_name = models.CharField(max_length=64)
    drop_phone = models.CharField(max_length=16)
    drop_address = models.CharField(max_length=300)
    drop_detail = models.CharField(max_length=120, blank=True)
    drop_lat = models.FloatField()
    drop_lng = models.FloatField()

    ready_at = models.DateTimeField()
    ready = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)  # when the kitchen began; none where nothing is cooked
    drift = models.FloatField(default=0.0)  # of ln(taken / said), as believed of this kitchen when the job was asked for
    spread = models.FloatField(default=0.0)
    unfound_at = models.DateTimeField(null=True)  # when it was told that nobody could be found so far
    promise_at = models.DateTimeField()
    load = models.PositiveSmallIntegerField(default=1)
    pickup_code = models.CharField(max_length=12)
    drop_code = models.CharField(max_length=12)
    fee = models.BigIntegerField(default=0)
    tip = models.BigIntegerField(default=0)
    cash_due = models.BigIntegerField(default=0)

    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    picked_up_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    proof = models.JSONField(default=dict)
    declines = models.JSONField(default=list)
    pinned = models.ForeignKey(Courier, null=True, on_delete=models.PROTECT, related_name="+")  # who alone may bring it, by an operator
    banned = models.JSONField(default=list)  # couriers whom an operator does not want to bring it
    tick_id = models.BigIntegerField(null=True)  # the decision behind the latest offer; old ones are cleared away

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=sorted(JOB.states)), name="job_state_known"),
            CheckConstraint(condition=Q(kind__in=KINDS), name="job_kind_known"),
            UniqueConstraint(fields=["courier"], condition=Q(kind=SOLO, state__in=sorted(HELD)), name="job_one_ride_a_driver"),
            CheckConstraint(
                condition=Q(state="waiting", courier__isnull=True)
                | Q(state__in=[*sorted(HELD), "delivered"], courier__isnull=False)
                | Q(state__in=["cancelled", "failed"]),
                name="job_courier_follows_state",
            ),
            CheckConstraint(condition=~Q(state="offered") | Q(answer_by__isnull=False), name="job_offer_has_an_end"),
            CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False, picked_up_at__isnull=False), name="job_delivered_at"
            ),
            CheckConstraint(condition=Q(load__gte=1, fee__gte=0, tip__gte=0, cash_due__gte=0), name="job_amounts"),
        ]
        indexes = [
            Index(fields=["city", "state"], condition=Q(state__in=sorted(HELD | {"waiting"})), name="job_open"),
            Index(fields=["courier", "state"], condition=Q(state__in=sorted(HELD)), name="job_held"),
            Index(fields=["courier", "-delivered_at"], name="job_history"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.state}"

    def may_go_to(self, courier_id: int) -> bool:
        """Whether no operator has decided otherwise."""
        return self.pinned_id in (None, courier_id) and courier_id not in self.banned


class Ride(models.Model):
    """What a job is besides, when it brings somebody: for whom, in which class, how far, and what the two said of each other."""

    job = models.OneToOneField(Job, primary_key=True, on_delete=models.PROTECT, related_name="+")
    rider_id = models.BigIntegerField()
    service = models.CharField(max_length=8)
    metres = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()
    deviated_at = models.DateTimeField(null=True)
    driver_stars = models.PositiveSmallIntegerField(null=True)  # of the driver, by the rider
    rider_stars = models.PositiveSmallIntegerField(null=True)  # of the rider, by the driver

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(service__in=SERVICES), name="ride_service_known"),
            CheckConstraint(condition=Q(driver_stars__isnull=True) | Q(driver_stars__gte=1, driver_stars__lte=5), name="ride_driver_stars"),
            CheckConstraint(condition=Q(rider_stars__isnull=True) | Q(rider_stars__gte=1, rider_stars__lte=5), name="ride_rider_stars"),
        ]
        indexes = [Index(fields=["rider_id"], name="ride_of")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.service}"


class Tick(models.Model):
    """One decision: everything that went in and came out, so that it can be made again and explained."""

    id = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    problem = models.JSONField()
    params = models.JSONField()
    seed = models.BigIntegerField()
    result = models.JSONField()
    counts = models.JSONField(default=dict)
    ms = models.PositiveIntegerField()

    class Meta:
        indexes = [Index(fields=["city", "-at"], name="tick_recent"), Index(fields=["at"], name="tick_old")]

    def __str__(self) -> str:
        return f"tick {self.pk} {self.at:%F %T}"


class Track(models.Model):
    """Where a courier was."""

    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField()
    lng = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(fields=["courier", "at"], name="track_of"), Index(fields=["at"], name="track_old")]

    def __str__(self) -> str:
        return f"{self.courier_id} {self.at:%T}"


class PayLine(models.Model):
    """One component of what a courier earned."""

    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["job", "kind"], name="pay_line_once"),
            CheckConstraint(condition=Q(amount__gt=0), name="pay_line_is_something"),
        ]
        indexes = [Index(fields=["courier", "-at"], name="pay_line_recent")]

    def __str__(self) -> str:
        return f"{self.courier_id} {self.kind} {self.amount}"


class Pass(models.Model):
    """What was bought to be used in a store: `uses` times, until `valid_until`. The code itself is not kept, only what finds it again."""

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=40)
    person_id = models.BigIntegerField()
    store_id = models.BigIntegerField()
    offer_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    salt = models.PositiveSmallIntegerField(default=0)
    uses = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    value = models.BigIntegerField()  # what it cost before discounts, minor units
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField()
    zone = models.CharField(max_length=40)
    blackout = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="valid")

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=("valid", "used", "void", "lapsed")), name="pass_state"),
            CheckConstraint(condition=Q(uses__gte=1, used__lte=F("uses")), name="pass_uses"),
            CheckConstraint(condition=~Q(state="used") | Q(used=F("uses")), name="pass_used_up"),
        ]
        indexes = [
            Index(fields=["ref"], name="pass_ref"),
            Index(fields=["person_id", "-id"], name="pass_person"),
            Index(fields=["valid_until"], condition=Q(state="valid"), name="pass_due"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.used}/{self.uses} {self.state}"


class PassUse(models.Model):
    """That a pass was used at a till: `count` times at once. The same `key` is the same use."""

    used = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="+")
    store_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    count = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["store_id", "key"], name="pass_use_once"),
            CheckConstraint(condition=Q(count__gte=1), name="pass_use_count"),
        ]
        indexes = [Index(fields=["store_id", "-at"], name="pass_use_recent")]

    def __str__(self) -> str:
        return f"{self.used_id} {self.count} {self.at:%F %T}"
