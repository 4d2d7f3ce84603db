"""What searching and the home page know about each store: one row a store, and a counter that says what has changed since."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """How often the entries of a city were written. `generation` differs whenever the counting began anew."""

    city_id = models.BigIntegerField(primary_key=True)
    generation = models.BigIntegerField()
    version = models.BigIntegerField(default=0)


class Entry(models.Model):
    """A store as it is searched; `version` is the edition that it was last written in."""

    store_id = models.BigIntegerField(primary_key=True)
    city_id = models.BigIntegerField()
    version = models.BigIntegerField()
    active = models.BooleanField()
    kind = models.CharField(max_length=16)
    lat = models.FloatField()
    lng = models.FloatField()
    zone = models.CharField(max_length=40)
    cuisine = models.CharField(max_length=40, blank=True)
    per_head = models.BigIntegerField()
    rating = models.PositiveSmallIntegerField()
    rating_count = models.PositiveIntegerField()
    prep_minutes = models.PositiveSmallIntegerField()
    paused_until = models.DateTimeField(null=True)
    openings = models.JSONField()  # [[minute of the week it opens, minute it closes], ...]
    rings = models.JSONField()  # [[radius in metres, fee, minimum], ...], the innermost first
    words = models.JSONField()  # {"name", "name_en", "pinyin", "initials", "tags"}
    stay = models.JSONField(null=True)  # of a hotel: {"class", "amenities", "seasons", "rooms"}; see `stays`
    dishes = models.JSONField()  # [[id, name, name_en, pinyin, initials, price, [allergen, ...]], ...]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_id", "version", "store_id"], name="entry_by_edition")]


class Fit(models.Model):
    """A fitted model of a city, by its version; its arrays lie in files. One of a city serves."""

    SERVING, KEPT = "serving", "kept"

    id = models.BigIntegerField(primary_key=True)  # the version: later fits have larger ones
    city_id = models.BigIntegerField()
    state = models.CharField(max_length=8)
    metrics = models.JSONField()
    fitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_id"], condition=models.Q(state="serving"), name="fit_one_serves"),
            models.CheckConstraint(condition=models.Q(state__in=["serving", "kept"]), name="fit_state_known"),
        ]


class Trial(models.Model):
    """What came of showing a new store: how often it was shown and how often taken up, from the log of the last weeks."""

    store_id = models.BigIntegerField(primary_key=True)
    city_id = models.BigIntegerField()
    shown = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(taken__lte=models.F("shown")), name="trial_taken_of_shown")]


class Taste(models.Model):
    """What is known of somebody who agreed to it. `likes` is found out, `less`, `hidden` and `told` are what the person said."""

    person_id = models.BigIntegerField(primary_key=True)
    city_id = models.BigIntegerField()
    took = models.JSONField(default=list)  # stores, the latest first
    seen = models.JSONField(default=list)  # stores looked at lately, the latest first
    likes = models.JSONField(default=dict)  # cuisine to share of the orders
    facts = models.JSONField(default=dict)  # what else was found out, as plain values
    less = models.JSONField(default=list)  # cuisines
    hidden = models.JSONField(default=list)  # stores
    told = models.JSONField(default=dict)
    paused = models.BooleanField(default=False)
    updated_at = models.DateTimeField()


class SavedTrip(models.Model):
    """A trip that somebody keeps: what it is to be like, its plan, and what it was before the last change. See `trip_texts`."""

    id = models.BigIntegerField(primary_key=True)
    person_id = models.BigIntegerField()
    city_id = models.BigIntegerField()
    home = models.JSONField()  # [lat, lng, name, name_en, the hotel's store or null]
    wish = models.JSONField()
    plan = models.JSONField()
    before = models.JSONField(null=True)  # [home, wish, plan]
    version = models.PositiveIntegerField(default=1)  # goes up with every change
    kept_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "kept_at"], name="saved_trip_of")]
        constraints = [models.CheckConstraint(condition=models.Q(version__gte=1), name="saved_trip_version")]
