"""What stores sell: sections of a menu, offers, and the options of an offer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from linli.apps.catalog.kinds import CODES


class Section(models.Model):
    """A heading of a store's menu."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    sort = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="section_name")]


class Offer(models.Model):
    """Something that is sold; `price` is in minor units of the city's currency."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, default="dish")
    external_ref = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    pinyin = models.CharField(max_length=600, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    price = models.BigIntegerField()
    was_price = models.BigIntegerField(null=True)  # what was really charged before
    allergens = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    diet = models.JSONField(default=list)
    prep_minutes = models.PositiveSmallIntegerField(null=True)  # None: the store's own
    sort = models.PositiveIntegerField(default=0)
    on_sale = models.BooleanField(default=True)
    made_up_price = models.BooleanField(default=False)  # derived, not the store's own
    daily_limit = models.PositiveIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)  # off the menu for good; orders still point here

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "external_ref"], name="offer_external_ref"),
            models.CheckConstraint(condition=Q(kind__in=CODES), name="offer_kind"),
            models.CheckConstraint(condition=Q(price__gte=0), name="offer_price_positive"),
            models.CheckConstraint(condition=Q(was_price__isnull=True) | Q(was_price__gt=F("price")), name="offer_was_higher"),
            models.CheckConstraint(condition=Q(prep_minutes__isnull=True) | Q(prep_minutes__lte=240), name="offer_prep_range"),
        ]


class OptionGroup(models.Model):
    """A choice that an offer asks for: between `least` and `most` in all, counting quantities."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.CASCADE, related_name="+")
    external_ref = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    least = models.PositiveSmallIntegerField(default=0)
    most = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "external_ref"], name="group_external_ref"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=50, least__lte=F("most")), name="group_limits"),
        ]


class Option(models.Model):
    """One possibility of a group; `price` is added to the offer's, `most` is how often it may be taken in one portion."""

    id = models.BigIntegerField(primary_key=True)
    group = models.ForeignKey(OptionGroup, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    price = models.BigIntegerField(default=0)
    most = models.PositiveSmallIntegerField(default=1)
    sort = models.PositiveIntegerField(default=0)
    on_sale = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="option_name"),
            models.CheckConstraint(condition=Q(price__gte=0), name="option_price_positive"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=50), name="option_most"),
        ]


class OfferGroup(models.Model):
    """That an offer asks for a group's choice."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(OptionGroup, on_delete=models.CASCADE, related_name="+")
    sort = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "group"], name="offer_group_once")]


class RoomType(models.Model):
    """What an offer of the kind `room` is: its beds (`[["double", 1], …]`), for how many people, how large, with what in it."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    beds = models.JSONField(default=list)
    sleeps = models.PositiveSmallIntegerField()
    area_m2 = models.PositiveSmallIntegerField(null=True)
    window = models.BooleanField(default=True)
    child_bed = models.BooleanField(default=False)  # one more bed for a child can be put up
    facilities = models.JSONField(default=list)
    panorama = models.CharField(max_length=200, blank=True)  # an equirectangular picture of ours
    made_up = models.BooleanField(default=False)  # derived, not the hotel's own words

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sleeps__gte=1, sleeps__lte=20), name="room_sleeps"),
            models.CheckConstraint(condition=Q(area_m2__isnull=True) | Q(area_m2__gte=4, area_m2__lte=1000), name="room_area"),
        ]


class RatePlan(models.Model):
    """A way to buy a room: what a night costs and what comes with it. Cancelled for nothing until `free_cancel_h` hours before check-in
    (None: never). `pay`: "now", when it is booked, "at_hotel", or "later", after the stay."""

    id = models.BigIntegerField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    external_ref = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    pay = models.CharField(max_length=10, default="now")
    price = models.BigIntegerField()
    weekend_price = models.BigIntegerField()  # the nights to Saturday and Sunday
    breakfasts = models.PositiveSmallIntegerField(default=0)  # a room and night
    free_cancel_h = models.PositiveSmallIntegerField(null=True)
    least_nights = models.PositiveSmallIntegerField(default=1)
    most_nights = models.PositiveSmallIntegerField(default=28)
    long_nights = models.PositiveSmallIntegerField(null=True)
    long_percent = models.PositiveSmallIntegerField(default=0)
    made_up_price = models.BooleanField(default=False)
    sort = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "external_ref"], name="plan_external_ref"),
            models.CheckConstraint(condition=Q(price__gt=0, weekend_price__gt=0), name="plan_price_positive"),
            models.CheckConstraint(condition=Q(least_nights__gte=1, most_nights__gte=F("least_nights")), name="plan_nights"),
            models.CheckConstraint(condition=Q(long_percent__lte=90), name="plan_long_percent"),
            models.CheckConstraint(condition=Q(free_cancel_h__isnull=True) | Q(free_cancel_h__lte=24 * 60), name="plan_free_cancel"),
            # Of what was never charged nothing can be kept, so a plan that is paid at the hotel cannot be one without refund.
            models.CheckConstraint(condition=Q(pay__in=("now", "later")) | Q(pay="at_hotel", free_cancel_h__isnull=False), name="plan_pay"),
        ]


class RateDay(models.Model):
    """What a plan asks for one night, or that it is not sold then; `price` None is the usual one."""

    plan = models.ForeignKey(RatePlan, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    price = models.BigIntegerField(null=True)
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "day"], name="rate_day_once"),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="rate_day_price"),
        ]
        indexes = [models.Index(fields=["day", "plan", "price", "closed"], name="rate_by_day")]  # all of a city's, for a search


class RateSeason(models.Model):
    """From the night of `first` to that of `last` a hotel asks `percent` of its usual prices."""

    store = models.ForeignKey("merchants.Store", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "first", "last"], name="season_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="season_order"),
            models.CheckConstraint(condition=Q(percent__gte=10, percent__lte=500), name="season_percent"),
        ]


class ServiceTerms(models.Model):
    """What an appointment takes: time, somebody with the skills, perhaps a kind of room and of equipment. Minutes unless said."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    before = models.PositiveSmallIntegerField(default=0)  # to get ready
    after = models.PositiveSmallIntegerField(default=0)  # to clean up
    skills = models.JSONField(default=list)  # whoever does it has all of them
    room = models.CharField(max_length=40, blank=True)
    equipment = models.JSONField(default=list)
    at_home = models.BooleanField(default=False)  # staff come to an address
    step = models.PositiveSmallIntegerField(default=15)
    ahead_days = models.PositiveSmallIntegerField(default=30)
    notice = models.PositiveIntegerField(default=60)
    cancel = models.JSONField(default=list)  # [[minutes before it begins, share kept in hundredths of a percent], …]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=720), name="service_minutes"),
            models.CheckConstraint(condition=Q(before__lte=240, after__lte=240), name="service_margins"),
            models.CheckConstraint(condition=Q(step__gte=5, step__lte=240), name="service_step"),
            models.CheckConstraint(condition=Q(ahead_days__gte=1, ahead_days__lte=90, notice__lte=43_200), name="service_ahead"),
        ]


class TableTerms(models.Model):
    """How tables are booked: sittings (`[[opens, closes], …]`, minutes of the day in which one may begin), and how long parties stay
    (`[[up to so many guests, minutes], …]`). A deposit of the offer's price is asked of each guest from `deposit_from` guests on."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sittings = models.JSONField(default=list)
    turns = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=15)
    ahead_days = models.PositiveSmallIntegerField(default=14)
    notice = models.PositiveIntegerField(default=30)
    deposit_from = models.PositiveSmallIntegerField(default=1)
    kept_minutes = models.PositiveSmallIntegerField(default=15)  # so long a late party's table is kept
    cancel = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__gte=5, step__lte=240, kept_minutes__lte=120), name="table_step"),
            models.CheckConstraint(condition=Q(ahead_days__gte=1, ahead_days__lte=90, notice__lte=43_200), name="table_ahead"),
        ]


class RideTerms(models.Model):
    """What an offer is besides, when it is a ride: the service it stands for, and how many people it takes."""

    offer = models.OneToOneField(Offer, primary_key=True, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=8)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=60), name="ride_terms_seats")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.service}"


class VoucherTerms(models.Model):
    """What a voucher is worth: how often it can be used, how long, and when not (`blackout`: see `kinds.voucher`)."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="+", primary_key=True)
    zone = models.CharField(max_length=40)
    uses = models.PositiveSmallIntegerField(default=1)
    valid_days = models.PositiveSmallIntegerField(default=90)
    valid_until = models.DateField(null=True)  # whatever was bought when: the last day
    blackout = models.JSONField(default=list)
    most = models.PositiveSmallIntegerField(default=10)  # of one order

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__gte=1, uses__lte=100), name="voucher_uses"),
            models.CheckConstraint(condition=Q(valid_days__gte=1, valid_days__lte=730), name="voucher_days"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=50), name="voucher_most"),
        ]


class TicketTerms(models.Model):
    """When one can go in with a ticket: every day but `closed_days` (0 is Monday), from `opens` to `closes` (minutes of the day there), in
    entry slots of `slot_minutes`, 0 for the whole day. Called off later than `free_until` minutes before entry, `late_bp` is kept."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="+", primary_key=True)
    zone = models.CharField(max_length=40)
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    slot_minutes = models.PositiveSmallIntegerField(default=0)
    closed_days = models.JSONField(default=list)
    ahead_days = models.PositiveSmallIntegerField(default=14)
    free_until = models.PositiveIntegerField(default=120)
    late_bp = models.PositiveSmallIntegerField(default=10_000)
    most = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens"), closes__lte=1440), name="ticket_hours"),
            models.CheckConstraint(condition=Q(slot_minutes__lte=720), name="ticket_slot"),
            models.CheckConstraint(condition=Q(ahead_days__lte=366, late_bp__lte=10_000), name="ticket_rules"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=50), name="ticket_most"),
        ]
