"""What radiation reaches whoever waits, from six sides, and what of it they take up."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from solarpass.beam import projected_factor
from solarpass.shade import UNKNOWN, build_shade

from ._view import CROWN, SOLID
from .cover import COVERS, read_skins
from .forcing import KELVIN, SIGMA, Forcing
from .roof import RoofModel, find_roof
from .skin import SkinModel, find_leaf_temperature, find_skin_temperature
from .view import N_SECTORS, View, direction_weights

Floats = NDArray[np.float64]

N_THREADS = 2
_CHUNK = 48  # rows at a time; bounds the memory only


@dataclass(frozen=True, slots=True)
class BodyModel:
    """
    A standing person, as radiation meets one; change one with `dataclasses.replace`.

    The numbers are those of VDI 3787 part 2 and of P. Höppe (1992), as handed down by the design
    (reported).

    Attributes
    ----------
    absorbs_short, absorbs_long
        Shares of light and of warmth that are taken up. [1]
    faces_up, faces_side
        Share of the body that faces up and down, each, and each of the four sides. [1]
    crown_albedo
        Light that crowns send back as walls do; what they let through is in beam and sky
        already: estimate. [1]
    """

    absorbs_short: float = 0.70
    absorbs_long: float = 0.97
    faces_up: float = 0.06
    faces_side: float = 0.22
    crown_albedo: float = 0.18


@dataclass(frozen=True, slots=True)
class RadiationModel:
    """Assumptions of all that radiates; change one with `dataclasses.replace`."""

    body: BodyModel = field(default_factory=BodyModel)
    skin: SkinModel = field(default_factory=SkinModel)
    roof: RoofModel = field(default_factory=RoofModel)


@dataclass(frozen=True, eq=False, slots=True)
class Radiation:
    """
    Radiation at places, means of each interval.

    Attributes
    ----------
    absorbed_w_m2
        What a body takes up in all, shape ``(n_times, n_rows)``. [W m⁻²]
    beam_w_m2, ground_w_m2
        What of it is the sun's beam; and what it would lack if the ground were as warm as the air
        and sent back no light. [W m⁻²]
    kdown_w_m2, kup_w_m2, ldown_w_m2, lup_w_m2
        Light and warmth on patches that face up and down. [W m⁻²]
    side_w_m2
        Light, then warmth, on those that face north, east, south and west, shape
        ``(2, n_times, 4, n_rows)``. [W m⁻²]
    sun_fraction
        Share of the beam that arrives while the sun is up, 0 by night, NaN where unknown.
    """

    absorbed_w_m2: Floats
    beam_w_m2: Floats
    ground_w_m2: Floats
    kdown_w_m2: Floats
    kup_w_m2: Floats
    ldown_w_m2: Floats
    lup_w_m2: Floats
    side_w_m2: Floats
    sun_fraction: Floats


def build_radiation(
    view: View,
    forcing: Forcing,
    cover: Floats,
    *,
    row_place: NDArray[np.int64],
    shelters: Sequence[str],
    model: RadiationModel = RadiationModel(),
) -> Radiation:
    """
    Add up what reaches rows, each a place beneath one kind of shelter.

    Parameters
    ----------
    view
        What the places see.
    forcing
        Sun, sky and air.
    cover
        What covers the ground beneath each row, a column for each of `COVERS`: see `find_cover`.
    row_place
        The place of each row, shape ``(n_rows,)``.
    shelters
        The kind of each row's shelter, ``n_rows``: none, or one of ``data/shelter.csv`` that is
        no mixture.
    model
        Assumptions.
    """
    sky = _Sky.over(view, forcing, model)
    chunks = np.array_split(np.arange(len(row_place)), max(-(-len(row_place) // _CHUNK), 1))

    def run(rows: NDArray[np.int64]) -> Radiation:
        kinds = [shelters[row] for row in rows]
        return _Scene(sky, row_place[rows], cover[rows], kinds).add_up()

    with ThreadPoolExecutor(N_THREADS) as pool:
        parts = list(pool.map(run, chunks))
    return join_radiation(parts, np.arange(len(row_place)))


def join_radiation(parts: Sequence[Radiation], rows: NDArray[np.int64]) -> Radiation:
    """Join parts, whose rows come one after another, so that each stands in its place."""
    back = np.argsort(rows, kind="stable")
    return Radiation(
        **{
            item.name: np.concatenate([getattr(part, item.name) for part in parts], axis=-1)[
                ..., back
            ]
            for item in fields(Radiation)
        }
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Sky:
    """What is the same for all places."""

    view: View
    forcing: Forcing
    model: RadiationModel
    toward: Floats  # (4, n_sectors)
    facing: Floats  # (n_steps, n_sectors): cosine of the beam on a wall seen in each sector
    sun_sector: NDArray[np.int64]  # (n_steps,)
    sun_tangent: Floats  # (n_steps,)
    leaf_w_m2: Floats  # (n_steps,): warmth of crowns
    sun: NDArray[np.uint8]  # (n_steps, n_places * n_points)

    @classmethod
    def over(cls, view: View, forcing: Forcing, model: RadiationModel) -> _Sky:
        """Find where the sun stands to all walls, and at which points it arrives."""
        azimuth = np.deg2rad(forcing.sun.azimuth_deg)[:, None]
        elevation = np.deg2rad(np.maximum(forcing.sun.elevation_deg, 0.0))
        sector = np.arange(N_SECTORS) * (2.0 * np.pi / N_SECTORS)
        is_up = forcing.sun.elevation_deg > 0.0
        # A wall seen in the north faces south.
        facing = np.maximum(-np.cos(sector[None] - azimuth), 0.0)
        leaf_k = find_leaf_temperature(forcing, model=model.skin) + KELVIN
        emissivity = model.skin.leaf_emissivity
        turn = np.rint(forcing.sun.azimuth_deg * (N_SECTORS / 360.0)).astype(np.int64)
        return cls(
            view=view,
            forcing=forcing,
            model=model,
            toward=direction_weights(),
            facing=facing * (np.cos(elevation) * is_up)[:, None],
            sun_sector=turn % N_SECTORS,
            sun_tangent=np.tan(np.clip(elevation, 0.01, 1.55)),
            leaf_w_m2=emissivity * SIGMA * leaf_k**4 + (1.0 - emissivity) * forcing.longwave_w_m2,
            sun=build_shade(view.outlook, forcing.sun).sun,
        )


class _Scene:
    """Some rows: arrays run over steps, then rows, then sectors or points."""

    def __init__(
        self, sky: _Sky, place: NDArray[np.int64], cover: Floats, kinds: Sequence[str]
    ) -> None:
        """Gather what the rows see, and what their shelters hide."""
        self.sky, self.cover = sky, cover
        self.forcing, self.model = sky.forcing, sky.model
        view = sky.view
        roofs = [find_roof(kind, sky.model.roof) for kind in kinds]
        self.roofs = roofs
        self.up, self.side = view.up[:, place], view.side[:, place]
        self.tangent = view.tangent[place]
        self.body, self.ground = view.body[place], view.ground[:, place]
        n_points = view.body.shape[1]
        sun = sky.sun.reshape(len(sky.sun), -1, n_points)[:, place]
        self.is_unknown = ((sun == UNKNOWN) & (self.body > 0.0)).any(axis=2)
        lit = np.where(sun == UNKNOWN, 1.0, sun / 254.0)
        beneath = np.stack(
            [roof.pass_beam(sky.forcing.sun.elevation_deg) for roof in roofs], axis=1
        )
        self.open_share = (lit * self.body).sum(axis=2)  # of the beam, above the shelter
        is_near = np.asarray(view.body > 0.0)[place]  # a shelter shades the ground beneath it
        self.lit = lit * np.where(is_near, beneath[:, :, None], 1.0)
        self.beam_share = (self.lit * self.body).sum(axis=2)

    def _of(self, name: str) -> Floats:
        return np.array([getattr(roof, name) for roof in self.roofs], float)

    def add_up(self) -> Radiation:
        """Add up all six sides, light first, as it warms what then radiates."""
        forcing, body = self.forcing, self.model.body
        beam = forcing.beam_w_m2[:, None] * self.beam_share
        wall = self._light_walls()
        light_up, light_side = self._gather_light(wall)
        kdown = light_up
        sent = self._light_ground(kdown)
        warm_wall = self._warm_walls(wall)
        warm_up, warm_side = self._gather_warmth(warm_wall)
        glow = self._warm_ground(kdown, warm_up)
        kside, lside = light_side + 0.5 * sent[1:], warm_side + 0.5 * glow[1:]
        direct = projected_factor(forcing.sun.elevation_deg)[:, None] * beam
        air = SIGMA * (forcing.air_temperature_c + KELVIN)[:, None] ** 4
        part_short = body.faces_up * sent[0] + body.faces_side * 0.5 * sent[1:].sum(axis=0)
        part_long = body.faces_up * (glow[0] - air)
        part_long = part_long + body.faces_side * 0.5 * (glow[1:] - air).sum(axis=0)
        short = body.faces_up * (kdown + sent[0]) + body.faces_side * kside.sum(axis=0) + direct
        long = body.faces_up * (warm_up + glow[0]) + body.faces_side * lside.sum(axis=0)
        mean = forcing.by_interval
        return Radiation(
            absorbed_w_m2=mean(body.absorbs_short * short + body.absorbs_long * long),
            beam_w_m2=mean(body.absorbs_short * direct),
            ground_w_m2=mean(body.absorbs_short * part_short + body.absorbs_long * part_long),
            kdown_w_m2=mean(kdown + beam * forcing.sine[:, None]),
            kup_w_m2=mean(sent[0]),
            ldown_w_m2=mean(warm_up),
            lup_w_m2=mean(glow[0]),
            side_w_m2=self._sides(kside, lside, beam),
            sun_fraction=self._sun_fraction(),
        )

    def _light_walls(self) -> Floats:
        """Tell the light on walls that are seen, ``(n_steps, n_rows, n_sectors)``."""
        forcing = self.forcing
        # In a street as wide as far: the part of a wall above the shadow of the one opposite.
        opposite = self.tangent.T[self.sky.sun_sector][:, :, None]
        height = np.maximum(self.tangent, 1e-3)[None]
        shaded = (opposite - 2.0 * self.sky.sun_tangent[:, None, None]) / height
        lit = 1.0 - np.clip(shaded, 0.0, 1.0)
        open_sky = 1.0 - self.up.sum(axis=0).mean(axis=1)
        level = forcing.diffuse_w_m2[:, None] * open_sky
        down = (self.lit * self.ground[0]).sum(axis=2)
        onto_ground = (forcing.beam_w_m2 * forcing.sine)[:, None] * down + level
        soft = 0.5 * level + 0.5 * self._albedo() * onto_ground
        hard = lit * self.sky.facing[:, None, :] * forcing.beam_w_m2[:, None, None]
        light: Floats = hard + soft[:, :, None]
        return light

    def _albedo(self) -> Floats:
        skins = read_skins()
        albedo: Floats = self.cover @ np.array([skins[name].albedo for name in COVERS])
        return albedo

    def _gather_light(self, wall: Floats) -> tuple[Floats, Floats]:
        """Gather the light from sky, walls and crowns: from above, and from the four sides."""
        forcing, body = self.forcing, self.model.body
        sent = read_skins()["wall"].albedo * wall
        crown = body.crown_albedo * wall
        sky = forcing.diffuse_w_m2[:, None, None]
        return (
            _gather(self.up, sky, sent, crown).mean(axis=2) * self._of("passed_up"),
            self._toward(_gather(self.side, sky, sent, crown)) * self._of("passed_side"),
        )

    def _light_ground(self, kdown: Floats) -> Floats:
        """Tell the light that the ground sends back, down and to four sides, ``(5, …)``."""
        beam = (self.forcing.beam_w_m2 * self.forcing.sine)[:, None]
        lit = np.einsum("trp,drp->dtr", self.lit, self.ground)
        sent: Floats = self._albedo() * (beam[None] * lit + kdown[None])
        return sent

    def _warm_walls(self, wall: Floats) -> Floats:
        """Tell the warmth of walls, ``(n_steps, n_rows, n_sectors)``."""
        forcing, skin = self.forcing, read_skins()["wall"]
        air = SIGMA * (forcing.air_temperature_c + KELVIN) ** 4
        open_sky = 1.0 - self.up.sum(axis=0).mean(axis=1)
        sky = forcing.longwave_w_m2[:, None]
        around = 0.5 * air[:, None] + 0.5 * (open_sky * sky + (1.0 - open_sky) * air[:, None])
        shape = (1,) * wall.ndim
        temperature = find_skin_temperature(
            (1.0 - skin.albedo) * wall + skin.emissivity * around[:, :, None],
            forcing,
            emissivity=np.full(shape[1:], skin.emissivity),
            admittance=np.full(shape[1:], skin.admittance),
            resistance_s_m=np.full(shape[1:], skin.resistance_s_m),
            model=self.model.skin,
        )
        warmth: Floats = skin.emissivity * SIGMA * (temperature + KELVIN) ** 4
        warmth += (1.0 - skin.emissivity) * sky[:, :, None]
        return warmth

    def _gather_warmth(self, wall: Floats) -> tuple[Floats, Floats]:
        """Gather the warmth of sky, walls, crowns and the shelter: from above, and from sides."""
        forcing = self.forcing
        sky = forcing.longwave_w_m2[:, None, None]
        crown = self.sky.leaf_w_m2[:, None, None]
        up = _gather(self.up, sky, wall, crown).mean(axis=2)
        side = self._toward(_gather(self.side, sky, wall, crown))
        hidden_up, hidden_side = self._of("hidden_up"), self._of("hidden_side")
        roof = self._warm_roof()
        return (
            up * (1.0 - hidden_up) + roof * hidden_up,
            side * (1.0 - hidden_side) + 0.5 * roof * hidden_side,
        )

    def _warm_roof(self) -> Floats:
        """Tell the warmth of roof and panes, as they are in the sun that falls on them."""
        forcing, model = self.forcing, self.model.roof
        sun = (forcing.beam_w_m2 * forcing.sine)[:, None] * self.open_share
        full = np.minimum((sun + forcing.diffuse_w_m2[:, None]) / model.full_sun_w_m2, 1.0)
        roof_k = forcing.air_temperature_c[:, None] + full * self._of("warming_k") + KELVIN
        warmth: Floats = model.emissivity * SIGMA * roof_k**4
        warmth += (
            (1.0 - model.emissivity) * SIGMA * (forcing.air_temperature_c + KELVIN)[:, None] ** 4
        )
        return warmth

    def _warm_ground(self, kdown: Floats, ldown: Floats) -> Floats:
        """Tell the warmth of the ground, down and to four sides, ``(5, n_steps, n_rows)``."""
        beam = (self.forcing.beam_w_m2 * self.forcing.sine)[:, None, None]
        light = beam * self.lit + kdown[:, :, None]
        glow = np.zeros((5, *kdown.shape))
        for k, name in enumerate(COVERS):
            share = self.cover[:, k]
            rows = np.flatnonzero(share)
            if not rows.size:
                continue
            skin = read_skins()[name]
            temperature = find_skin_temperature(
                (1.0 - skin.albedo) * light[:, rows] + skin.emissivity * ldown[:, rows, None],
                self.forcing,
                emissivity=np.full((1, 1), skin.emissivity),
                admittance=np.full((1, 1), skin.admittance),
                resistance_s_m=np.full((1, 1), skin.resistance_s_m),
                model=self.model.skin,
            )
            warmth = skin.emissivity * SIGMA * (temperature + KELVIN) ** 4
            seen = np.einsum("trp,drp->dtr", warmth, self.ground[:, rows])
            glow[:, :, rows] += share[rows] * (seen + (1.0 - skin.emissivity) * ldown[:, rows])
        return glow

    def _toward(self, side: Floats) -> Floats:
        """Add up the upper half of what the four sides see, ``(4, n_steps, n_rows)``."""
        half: Floats = 0.5 * np.einsum("ds,trs->dtr", self.sky.toward, side)
        return half

    def _sides(self, kside: Floats, lside: Floats, beam: Floats) -> Floats:
        """Tell what stations measure to the four sides, the beam with it."""
        azimuth = np.deg2rad(self.forcing.sun.azimuth_deg)
        level = np.cos(np.deg2rad(np.maximum(self.forcing.sun.elevation_deg, 0.0)))
        turn = np.deg2rad(np.arange(4) * 90.0)[:, None]
        facing = np.maximum(np.cos(turn - azimuth[None]), 0.0) * level
        light = kside + facing[:, :, None] * beam[None]
        mean = self.forcing.by_interval
        return np.stack(
            [np.stack([mean(side) for side in both], axis=1) for both in (light, lside)]
        )

    def _sun_fraction(self) -> Floats:
        """Average the beam's share over the time that the sun is up, NaN where unknown."""
        is_up = (self.forcing.sun.elevation_deg > 0.0)[:, None].astype(float)
        mean = self.forcing.by_interval
        up = mean(is_up)
        share = mean(self.beam_share * is_up) / np.maximum(up, 1e-9)
        unknown = mean(self.is_unknown * is_up) > 0.0
        fraction: Floats = np.where(unknown, np.nan, np.where(up > 0.0, share, 0.0))
        return fraction


def _gather(seen: Floats, sky: Floats, wall: Floats, crown: Floats) -> Floats:
    """Add up sky, walls and crowns by the shares that are seen of each."""
    solid, leaves = seen[SOLID][None], seen[CROWN][None]
    whole: Floats = (1.0 - solid - leaves) * sky + solid * wall + leaves * crown
    return whole
