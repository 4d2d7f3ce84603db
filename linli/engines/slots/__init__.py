"""When everything that a booking needs is free: staff, rooms, equipment, tables."""

from linli.engines.slots.problem import Problem, Result, Role, check, runs
from linli.engines.slots.solve import solve

__all__ = ["Problem", "Result", "Role", "check", "runs", "solve"]
