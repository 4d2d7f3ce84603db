"""Cities, the places in them that people know, and what slows their streets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class City(models.Model):
    """A city: the shard that every store, courier and order belongs to."""

    id = models.BigIntegerField(primary_key=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)  # IANA name
    lat = models.FloatField()
    lng = models.FloatField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="city_box_is_a_box", condition=Q(south__lt=F("north"), west__lt=F("east"))),
            models.CheckConstraint(
                name="city_centre_in_box",
                condition=Q(lat__gte=F("south"), lat__lte=F("north"), lng__gte=F("west"), lng__lte=F("east")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Landmark(models.Model):
    """A place that people name when they say where they are."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    pinyin = models.CharField(max_length=240, blank=True)
    lat = models.FloatField()
    lng = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "kind", "name"], name="city_landmark_once"),
            models.CheckConstraint(name="city_landmark_on_earth", condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180)),
        ]
        indexes = [models.Index(fields=["city", "lat", "lng"], name="city_landmark_place")]

    def __str__(self) -> str:
        return self.name


class Conditions(models.Model):
    """What the streets were like from a moment on; the latest row before a moment counts."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    weather = models.CharField(max_length=12)
    speed_factor = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "at"], name="city_conditions_once"),
            models.CheckConstraint(name="city_speed_factor_sane", condition=Q(speed_factor__gte="0.10", speed_factor__lte="2.00")),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.at:%F %T} {self.weather}"


class Siting(models.Model):
    """A run of siting: what it rested on and what it came to."""

    id = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    orders = models.PositiveIntegerField()
    before_s = models.FloatField(null=True)
    after_s = models.FloatField()
    gap = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["city", "kind", "-at"], name="city_siting_last")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %T}"


class Site(models.Model):
    """A station, locker or dark store: open, proposed, or closed."""

    id = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8)
    name = models.CharField(max_length=80, blank=True)
    lat = models.FloatField()
    lng = models.FloatField()
    siting = models.ForeignKey(Siting, null=True, on_delete=models.PROTECT, related_name="+")
    share = models.FloatField(null=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="city_site_state_known", condition=Q(state__in=["open", "proposed", "closed"])),
            models.CheckConstraint(name="city_site_kind_known", condition=Q(kind__in=["station", "locker", "dark_store"])),
            models.CheckConstraint(name="city_site_on_earth", condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180)),
            models.CheckConstraint(name="city_site_share", condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1)),
        ]
        indexes = [models.Index(fields=["city", "kind", "state"], name="city_site_there")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
