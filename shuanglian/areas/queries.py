"""Reads of regions for this room and those above; each kind in a module of its own.

tree: by_code, children, chain, points, history, tags · search: by what people type · frame: for the importer ·
roads: places of a county for pairing.
"""

from .frame import names_frame
from .roads import RoadPoint, road_points
from .search import resolve, search
from .tree import (
    UP,
    Point,
    at_code,
    by_code,
    chain,
    children,
    counts_below,
    distance_km,
    located,
    path_of,
    point,
    predecessors_of,
    standing_for,
    successions,
    tagged,
    tags_of,
)  # fmt: skip

__all__ = [
    "UP", "Point", "RoadPoint", "at_code", "by_code", "chain", "children", "counts_below", "distance_km", "located",
    "names_frame", "path_of", "point", "predecessors_of", "resolve", "road_points", "search", "standing_for",
    "successions", "tagged",
    "tags_of",
]  # fmt: skip
