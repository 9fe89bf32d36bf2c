const stops = [
  [0.0, 0.0, 0.02],
  [0.34, 0.06, 0.43],
  [0.73, 0.22, 0.33],
  [0.98, 0.55, 0.04],
  [0.99, 1.0, 0.64],
] as const;

/** Matplotlib's inferno in five stops: perceptually even, from black to light yellow. RGB in 0–1 of a place in 0–1. */
export function inferno(t: number): number[] {
  const at = t * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return [0, 1, 2].map((c) => stops[i]![c]! + (at - i) * (stops[i + 1]![c]! - stops[i]![c]!));
}
