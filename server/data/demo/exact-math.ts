/**
 * Arithmetic that gives the same bits in every JavaScript engine: only + − × ÷, square roots and rounding, which
 * IEEE 754 fixes. `Math.sin`, `exp`, `log` and `pow` are not fixed, and the demo's hash would move with their last bit.
 */
export function clamp(x: number, low = 0, high = 1): number {
  return x < low ? low : x > high ? high : x;
}

export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** 0 below `low`, 1 above `high`, cubic in between. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = clamp((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/** Sine of an angle in turns (1 = full circle), within 4e-6 of the true one. */
export function sine(turns: number): number {
  let t = turns - Math.floor(turns);
  if (t > 0.75) t -= 1;
  else if (t > 0.25) t = 0.5 - t;
  const x = t * 6.283185307179586;
  const s = x * x;
  return x * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - s / 72))));
}

/** Cosine of an angle in turns. */
export function cosine(turns: number): number {
  return sine(turns + 0.25);
}

/** A bump: 1 at 0, 0 from ±1 on, smooth; the stand-in for a Gaussian with an end. */
export function bump(x: number): number {
  const t = 1 - x * x;
  return t > 0 ? t * t * t : 0;
}
