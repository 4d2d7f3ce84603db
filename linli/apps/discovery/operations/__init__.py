"""Writing what is searched, what is known of people's tastes, and which fitted model answers."""

from linli.apps.discovery.operations.entries import rebuild, refresh
from linli.apps.discovery.operations.fits import publish_fit, retire_fits, roll_back
from linli.apps.discovery.operations.tastes import STAGES, Change, TasteWant, begin_taste, correct, forget_taste, put_tastes, saw, took

__all__ = [
    "STAGES", "Change", "TasteWant", "begin_taste", "correct", "forget_taste", "publish_fit", "put_tastes", "rebuild", "refresh",
    "retire_fits", "roll_back", "saw", "took",
]  # fmt: skip
