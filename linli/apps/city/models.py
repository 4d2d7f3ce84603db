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


class RoadNet(models.Model):
    """The road graph of a city: where it comes from, and how fast its classes of road are over the day (24 shares of the usual speed).

    `made` says that nobody has surveyed it: it was laid out over known places, to try things with.
    """

    city = models.OneToOneField(City, primary_key=True, on_delete=models.PROTECT, related_name="+")
    version = models.BigIntegerField()
    source = models.CharField(max_length=120)
    made = models.BooleanField()
    profile = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.source


class RoadNode(models.Model):
    """A crossing or a bend."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    lat = models.FloatField()
    lng = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="city_road_node_once"),
            models.CheckConstraint(name="city_road_node_on_earth", condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180)),
        ]

    def __str__(self) -> str:
        return str(self.number)


class RoadEdge(models.Model):
    """A road in one direction."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    metres = models.FloatField()
    road_class = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "start", "end"], name="city_road_edge_once"),
            models.CheckConstraint(name="city_road_edge_leads_on", condition=Q(metres__gt=0) & ~Q(start=F("end"))),
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


class RoadIncident(models.Model):
    """Something that slows (`speed_factor` of the usual) or closes (nought) the roads around a place for a while."""

    id = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField()
    lng = models.FloatField()
    radius_m = models.PositiveIntegerField()
    speed_factor = models.DecimalField(max_digits=3, decimal_places=2)
    note = models.CharField(max_length=120, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="city_incident_slows", condition=Q(speed_factor__gte=0, speed_factor__lt=1)),
            models.CheckConstraint(name="city_incident_lasts", condition=Q(until_at__gt=F("from_at"))),
            models.CheckConstraint(name="city_incident_on_earth", condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180)),
        ]
        indexes = [models.Index(fields=["city", "until_at"], name="city_incident_now")]

    def __str__(self) -> str:
        return f"{self.speed_factor} {self.note}"
