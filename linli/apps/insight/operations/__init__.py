"""Taking down what people do, and forgetting it again."""

from linli.apps.insight.operations.deeds import note
from linli.apps.insight.operations.forgetting import forget
from linli.apps.insight.vocabulary import FROM_OUTSIDE, Deed

__all__ = ["FROM_OUTSIDE", "Deed", "forget", "note"]
