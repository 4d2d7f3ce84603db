"""Search: stores and what they sell by name, nearness and everything else that makes an answer good. Pure."""

from linli.engines.search.index import Index
from linli.engines.search.params import Params
from linli.engines.search.problem import (
    PARTS_OF_DAY,
    SORTS,
    UNKNOWN,
    Dish,
    Facets,
    Filters,
    Hit,
    Known,
    Name,
    Offer,
    Problem,
    Result,
    Sort,
    Store,
)
from linli.engines.search.rank import nearest, rank
from linli.engines.search.segment import Segment
from linli.engines.search.suggest import Suggestion, suggest

__all__ = [
    "PARTS_OF_DAY", "SORTS", "UNKNOWN", "Dish", "Facets", "Filters", "Hit", "Index", "Known", "Name", "Offer", "Params", "Problem",
    "Result", "Segment", "Sort", "Store", "Suggestion", "nearest", "rank", "suggest",
]  # fmt: skip
