"""Writing what is searched, what is known of people's tastes, and which fitted model answers."""

from linli.apps.discovery.operations.entries import rebuild, refresh
from linli.apps.discovery.operations.fits import publish_fit, retire_fits, roll_back
from linli.apps.discovery.operations.tastes import STAGES, Change, TasteWant, begin_taste, correct, forget_taste, put_tastes, saw, took
from linli.apps.discovery.operations.trials import put_trials
from linli.apps.discovery.operations.trips import change_trip, fill_carts, forget_trips, keep_trip, remove_trip, undo_trip

__all__ = [
    "STAGES", "Change", "TasteWant", "begin_taste", "change_trip", "correct", "fill_carts", "forget_taste", "forget_trips",
    "keep_trip", "publish_fit", "put_tastes", "put_trials",
    "rebuild", "refresh", "remove_trip", "retire_fits", "roll_back", "saw", "took", "undo_trip",
]  # fmt: skip
