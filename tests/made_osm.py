"""Small extracts made to order, written as real .osm.pbf files."""

import math
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

METRE = 1.0 / 111_320.0  # degrees of latitude


class MadeOsm:
    """Collects objects in metres around a place, then writes them."""

    def __init__(self, latitude=52.0, longitude=13.0):
        self.origin = (latitude, longitude)
        self.nodes, self.ways, self.relations = [], [], []

    def degrees(self, x, y):
        latitude, longitude = self.origin
        longitude += x * METRE / math.cos(math.radians(latitude))
        return (longitude + 180.0) % 360.0 - 180.0, latitude + y * METRE

    def node(self, x, y, **tags):
        number = len(self.nodes) + 1
        self.nodes.append(Node(id=number, location=self.degrees(x, y), tags=_tags(tags)))
        return number

    def way(self, refs, **tags):
        number = len(self.ways) + 1
        self.ways.append(Way(id=number, nodes=refs, tags=_tags(tags)))
        return number

    def line(self, *xy, **tags):
        return self.way([self.node(x, y) for x, y in xy], **tags)

    def ring(self, *xy, **tags):
        refs = [self.node(x, y) for x, y in xy]
        return self.way([*refs, refs[0]], **tags)

    def box(self, west, south, east, north, **tags):
        return self.ring((west, south), (east, south), (east, north), (west, north), **tags)

    def relation(self, members, **tags):
        number = len(self.relations) + 1
        listed = [("w", way, role) for way, role in members]
        self.relations.append(Relation(id=number, members=listed, tags=_tags(tags)))
        return number

    def streets(self, n=9, step=60.0):
        """Lay a grid of streets around the origin."""
        half = 0.5 * (n - 1) * step
        at = [k * step - half for k in range(n)]
        for a in at:
            self.line(*((a, b) for b in at), highway="residential")
            self.line(*((b, a) for b in at), highway="residential")
        return self

    def write(self, path: Path, *, box=None, without=()):
        header = osmium.io.Header()
        if box is not None:
            low, high = self.degrees(*box[:2]), self.degrees(*box[2:])
            header.add_box(osmium.osm.Box(osmium.osm.Location(*low), osmium.osm.Location(*high)))
        with osmium.SimpleWriter(str(path), overwrite=True, header=header) as writer:
            for node in self.nodes:
                if node.id not in without:
                    writer.add_node(node)
            for way in self.ways:
                writer.add_way(way)
            for relation in self.relations:
                writer.add_relation(relation)
        return path


def _tags(tags):
    """Let keyword arguments say what they cannot spell: building__part is building:part."""
    return {key.replace("__", ":"): value for key, value in tags.items()}
