"""Shortest ways in the city's own road graph, from the crossings nearest to both ends."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from linli.apps.city.adapters.base import Ask, Floats, Unavailable
from linli.apps.city.adapters.straight import straight_metres
from linli.apps.city.models import RoadEdge, RoadIncident, RoadNet, RoadNode
from linli.kernel.geo import EARTH_M, Point

# Share of a vehicle's usual speed on a road of a class; nought: it may not go there.
CLASSES: Mapping[str, Mapping[str, float]] = {
    "motorway": {"car": 2.5, "bike": 0.0, "walk": 0.0},
    "trunk": {"car": 1.8, "bike": 0.0, "walk": 0.0},
    "primary": {"car": 1.25, "bike": 1.0, "walk": 1.0},
    "secondary": {"car": 1.0, "bike": 1.0, "walk": 1.0},
    "residential": {"car": 0.8, "bike": 1.0, "walk": 1.0},
    "service": {"car": 0.5, "bike": 0.8, "walk": 1.0},
    "path": {"car": 0.0, "bike": 0.8, "walk": 1.0},
}
_shortest: Any = dijkstra  # its stubs do not know that one index is a number
_LIKE = {"car": "car", "bike": "bike", "ebike": "bike", "walk": "walk"}
_SNAP_M = 1_500.0  # who is farther from every crossing is nowhere
_STATES, _ROWS = 12, 2_000  # how many hours and vehicles, and ways from how many crossings of each, are remembered


@dataclass
class _Net:
    """A road graph as it was loaded; edges by the rows of their ends."""

    version: int
    profile: Mapping[str, Sequence[float]]  # by class, 24 shares of the usual speed
    nodes: Floats
    ends: NDArray[np.intp]
    metres: Floats
    classes: NDArray[np.str_]


@dataclass
class _State:
    """The graph for a vehicle at an hour with its incidents, and the ways from crossings that were asked about."""

    seconds: Any  # a sparse matrix, for a vehicle of 1 m/s
    tree: Any
    usable: NDArray[np.intp]
    rows: OrderedDict[int, NDArray[np.float32]] = field(default_factory=OrderedDict)


class Graph:
    """The provider. What it has worked out is kept until another graph is loaded or an incident begins or ends; one thread at a time."""

    name = "graph"
    local = True

    def __init__(self) -> None:
        self._nets: dict[int, _Net] = {}
        self._states: OrderedDict[tuple[object, ...], _State] = OrderedDict()
        self._lock = threading.Lock()

    def seconds(self, ask: Ask) -> Floats:
        """As `Provider.seconds`."""
        if not ask.origins or not ask.destinations:
            return np.zeros((len(ask.origins), len(ask.destinations)))
        with self._lock:
            return self._seconds(ask)

    def _seconds(self, ask: Ask) -> Floats:
        state = self._state(self._net(ask.city_id), ask)
        near_a, from_m = _snap(state, ask.origins)
        near_b, to_m = _snap(state, ask.destinations)
        path = np.stack([_row(state, int(node)) for node in near_a])[:, near_b] / (ask.speed * ask.weather)
        off_road = ask.detour / ask.metres_per_second
        direct = straight_metres(ask.origins, ask.destinations)
        found = path + (from_m[:, None] + to_m[None, :]) * off_road
        close = direct <= 2 * np.maximum(from_m[:, None], to_m[None, :])  # nearer to each other than to their crossings
        found = np.where(close, direct * off_road, found)
        found[(from_m[:, None] > _SNAP_M) | (to_m[None, :] > _SNAP_M)] = np.inf
        return np.asarray(found, np.float64)

    def _net(self, city_id: int) -> _Net:
        row = RoadNet.objects.filter(city_id=city_id).first()
        if row is None:
            raise Unavailable("no road graph has been loaded")
        kept = self._nets.get(city_id)
        if kept is None or kept.version != row.version:
            kept = self._nets[city_id] = _load(row)
        return kept

    def _state(self, net: _Net, ask: Ask) -> _State:
        incidents = tuple(
            RoadIncident.objects.filter(city_id=ask.city_id, from_at__lte=ask.at, until_at__gt=ask.at)
            .order_by("pk")
            .values_list("pk", "lat", "lng", "radius_m", "speed_factor")
        )
        key = (ask.city_id, net.version, _LIKE[ask.vehicle], ask.hour, ask.rush, incidents)
        if key not in self._states:
            self._states[key] = _made(net, ask, [(Point(lat, lng), metres, float(share)) for _, lat, lng, metres, share in incidents])
        self._states.move_to_end(key)
        while len(self._states) > _STATES:
            self._states.popitem(last=False)
        return self._states[key]


def _load(row: RoadNet) -> _Net:
    nodes = list(RoadNode.objects.filter(city_id=row.pk).order_by("number").values_list("number", "lat", "lng"))
    edges = list(RoadEdge.objects.filter(city_id=row.pk).order_by("pk").values_list("start", "end", "metres", "road_class"))
    at = {number: place for place, (number, _, _) in enumerate(nodes)}
    return _Net(
        row.version, row.profile, np.array([node[1:] for node in nodes], float).reshape(-1, 2),
        np.array([(at[edge[0]], at[edge[1]]) for edge in edges], np.intp).reshape(-1, 2),
        np.array([edge[2] for edge in edges], float), np.array([edge[3] for edge in edges], str),
    )  # fmt: skip


def _made(net: _Net, ask: Ask, incidents: Sequence[tuple[Point, float, float]]) -> _State:
    like = _LIKE[ask.vehicle]
    shares = {name: by[like] * (net.profile[name][ask.hour] if name in net.profile else ask.rush) for name, by in CLASSES.items()}
    share = np.array([shares[name] for name in net.classes.tolist()], float)
    middles = (net.nodes[net.ends[:, 0]] + net.nodes[net.ends[:, 1]]) / 2
    for place, radius, factor in incidents:
        away = straight_metres([Point(*middle) for middle in middles.tolist()], [place])[:, 0]
        share[away <= radius] *= factor
    open_ = share > 0
    usable = np.unique(net.ends[open_])
    if not len(usable):
        raise Unavailable("no road is open for this vehicle")
    count, ends = len(net.nodes), net.ends[open_]
    matrix = csr_array((np.maximum(net.metres[open_] / share[open_], 1e-3), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return _State(matrix, cKDTree(_flat(net.nodes[usable])), usable)


def _flat(places: Floats) -> Floats:
    """Points in space, metres from the middle of the earth: near ones are as far apart as on the ground."""
    lat, lng = np.radians(places[:, 0]), np.radians(places[:, 1])
    return EARTH_M * np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)], axis=1)


def _snap(state: _State, points: Sequence[Point]) -> tuple[NDArray[np.intp], Floats]:
    away, number = state.tree.query(_flat(np.array([(point.lat, point.lng) for point in points])))
    return state.usable[number], np.asarray(away, float)


def _row(state: _State, node: int) -> NDArray[np.float32]:
    if node not in state.rows:
        state.rows[node] = np.asarray(_shortest(state.seconds, indices=node), np.float32)
    state.rows.move_to_end(node)
    while len(state.rows) > _ROWS:
        state.rows.popitem(last=False)
    return state.rows[node]
