import { defineSchedule, type ScheduleSettings } from '../../sdk/index.ts';

/** PyTorch's `OneCycleLR` with cosine annealing: from the base to the peak, then to a ten-thousandth of the base. */
export const oneCycle = defineSchedule<ScheduleSettings & { kind: 'one-cycle' }>({
  name: 'one-cycle',
  title: 'one-cycle',
  cite: 'Smith & Topin 2018',
  example: { kind: 'one-cycle', peak: 10, warmUp: 0.3 },
  rate({ peak, warmUp }, _, { base, step, steps }) {
    const highest = base * peak;
    const end = base / 1e4;
    const top = warmUp * steps - 1;
    const last = steps - 1;
    if (step <= top) return cosine(base, highest, top > 0 ? step / top : 1);
    return cosine(highest, end, last > top ? (step - top) / (last - top) : 1);
  },
});

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
}
