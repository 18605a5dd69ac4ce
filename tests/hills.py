"""Ground for small streets: told by the test, or rolling at random."""

from dataclasses import replace

import numpy as np

from solarpass.network import Network


def raise_ground(network: Network, height) -> Network:
    """Lay a network onto the ground `height(x, y)`, in metres at each vertex."""
    z_m = np.broadcast_to(height(*network.vertex_xy.T), len(network.vertex_xy))
    return replace(network, vertex_z_m=z_m.astype(np.float32))


def raise_hills(rng: np.random.Generator, network: Network) -> Network:
    """Lay a network onto hills, some steeper than any way, with holes in the terrain model."""
    turn, (wide_x, wide_y), high_m = rng.uniform(0, 6), rng.uniform(10, 60, 2), rng.uniform(0, 12)
    hilly = raise_ground(
        network, lambda x, y: high_m * np.sin(x / wide_x + turn) * np.cos(y / wide_y) + 0.03 * x
    )
    holes = rng.random(len(network.vertex_xy)) < rng.choice([0.0, 0.1])
    return replace(hilly, vertex_z_m=np.where(holes, np.float32(np.nan), hilly.vertex_z_m))
