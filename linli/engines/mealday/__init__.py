"""A day of meal delivery decided minute by minute: the rules of the day, the policy that decides, and a checker of both.

After Reyes, Erera, Savelsbergh, Sahasrabudhe and O'Neil, "The meal delivery routing problem" (2018).
"""

from linli.engines.mealday.check import check
from linli.engines.mealday.day import simulate
from linli.engines.mealday.figures import Figures, figures
from linli.engines.mealday.params import Params
from linli.engines.mealday.problem import Assignment, Courier, Day, Departure, Order, Result, Rules, Store

__all__ = [
    "Assignment",
    "Courier",
    "Day",
    "Departure",
    "Figures",
    "Order",
    "Params",
    "Result",
    "Rules",
    "Store",
    "check",
    "figures",
    "simulate",
]
