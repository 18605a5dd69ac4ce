// Every colour of the map, once for each theme. Sun and shade lie on a blue-orange line, which
// stays told apart without red-green vision; each stands 3:1 or more off its casing.

/** Steps of sun on a street, from all in the shade to all in the sun. */
export const N_STEPS = 5;

export const LIGHT = {
  streets: ["#0b4a9e", "#3f549b", "#765c86", "#a95b51", "#cf5c00"],
  unknown: "#6b7177",
  casing: "#ffffff",
  shadiest: "#00664f",
  shortest: "#2b3138",
  beyond: "#e7e4de",
  ground: "#f5f3ee",
  green: "#d9e8cf",
  wood: "#c8dfba",
  water: "#bfdcec",
  square: "#edeae4",
  rail: "#e6e3dd",
  road: "#ffffff",
  roadEdge: "#d8d2c6",
  track: "#b5aea2",
  building: "#dcd5c9",
  buildingEdge: "#c2b8a8",
  tree: "#7fb56d",
  stop: "#0f5fa8",
  text: "#3d4248",
  halo: "#ffffff",
};

export const DARK = {
  streets: ["#6aa6f2", "#8fa9d8", "#b3aabb", "#d8ad86", "#ffb52e"],
  unknown: "#9aa1a8",
  casing: "#0b0e12",
  shadiest: "#3ddbb4",
  shortest: "#f0f3f6",
  beyond: "#1a1d22",
  ground: "#23272d",
  green: "#27352b",
  wood: "#24382a",
  water: "#1b3346",
  square: "#2b3036",
  rail: "#1f2328",
  road: "#3a4048",
  roadEdge: "#181b1f",
  track: "#59606a",
  building: "#3b414a",
  buildingEdge: "#4d545e",
  tree: "#3f6b48",
  stop: "#7fc0ff",
  text: "#d5dbe2",
  halo: "#14171a",
};

/** Step of a street's sun byte: 0…254 is no to full sun, 255 says that nothing is known. */
export function sunStep(byte) {
  return byte === 255 ? -1 : Math.round((byte / 254) * (N_STEPS - 1));
}
