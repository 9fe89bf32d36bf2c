import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Line {
  title: string;
  /** One for each x; null where there is none. */
  values: readonly (number | null)[];
  /** Token of its colour. */
  colour: string;
  dash?: readonly number[];
  /** On the scale at the right. */
  isRight?: boolean;
}

export interface LineChart {
  update(x: readonly number[], lines: readonly Line[]): void;
  destroy(): void;
}

/** Draws lines over x into an element as wide as it, in the colours that the page has now. */
export function drawLines(host: HTMLElement, height: number, x: readonly number[], lines: readonly Line[]): LineChart {
  const token = (name: string) => (): string => getComputedStyle(host).getPropertyValue(name);
  const dataOf = (xs: readonly number[], all: readonly Line[]): uPlot.AlignedData => [[...xs], ...all.map(({ values }) => [...values])];
  const axis = { stroke: token('--quiet'), grid: { stroke: token('--line'), width: 1 }, ticks: { stroke: token('--line'), width: 1 }, font: '11px system-ui', labelFont: '11px system-ui' };
  const digits = (_chart: uPlot, values: number[]): string[] => values.map((value) => (value === 0 ? '0' : Number(value.toPrecision(3)).toString()));
  const hasRight = lines.some(({ isRight }) => isRight);
  const chart = new uPlot(
    {
      width: Math.max(120, host.clientWidth),
      height,
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 26, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
        { ...axis, size: 48, values: digits },
        ...(hasRight ? [{ ...axis, grid: { show: false }, side: 1 as const, scale: 'right', size: 48, values: digits }] : []),
      ],
      series: [
        { label: 'epoch' },
        ...lines.map(({ title, colour, dash, isRight }) => ({
          label: title,
          stroke: token(colour),
          width: 1.5,
          spanGaps: true,
          points: { show: x.length < 20, size: 4 },
          ...(dash ? { dash: [...dash] } : {}),
          scale: isRight ? 'right' : 'y',
          value: (_chart: uPlot, value: number | null): string => (value === null ? '–' : Number(value.toPrecision(4)).toString()),
        })),
      ],
      cursor: { y: false },
      hooks: {
        // Where nobody points at a value, the newest are told.
        setCursor: [(chart) => (chart.cursor.left ?? -1) < 0 && tellLast(chart)],
      },
    },
    dataOf(x, lines),
    host,
  );
  tellLast(chart);
  const resized = new ResizeObserver(() => chart.setSize({ width: Math.max(120, host.clientWidth), height }));
  resized.observe(host);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => chart.redraw(false, true);
  scheme.addEventListener('change', redraw);
  return {
    update(xs, all) {
      chart.setData(dataOf(xs, all));
      tellLast(chart);
    },
    destroy() {
      resized.disconnect();
      scheme.removeEventListener('change', redraw);
      chart.destroy();
    },
  };
}

function tellLast(chart: uPlot): void {
  chart.setLegend({ idx: chart.data[0].length - 1 }, false);
}
