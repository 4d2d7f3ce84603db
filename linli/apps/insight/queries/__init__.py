"""What operators may know of what is known: the lake's days, who asked to be forgotten, how an experiment stands."""

from linli.apps.insight.queries.experiments import ArmView, ExperimentView, experiment
from linli.apps.insight.queries.groups import GroupView, RuleView, groups, rules
from linli.apps.insight.queries.lake import DayView, days, waiting

__all__ = ["ArmView", "DayView", "ExperimentView", "GroupView", "RuleView", "days", "experiment", "groups", "rules", "waiting"]
