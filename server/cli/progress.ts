import cliProgress from 'cli-progress';

/** A long step, as far as it has come. A step with another title than the one before begins a new bar. */
export interface Step {
  /** What is being done to what: `Fetching tensorflow_cpu-2.21.0….whl`. */
  title: string;
  done: number;
  /** Left out where nobody knows. */
  total?: number;
  /** `bytes` are shown as MB; anything else as it is (`images`, `steps`); nothing is shown for a step of one. */
  unit: string;
}

export interface ProgressDrawer {
  show(step: Step): void;
  /** A line among the bars. */
  note(line: string): void;
  /** Ends the bar that is being drawn; call it before writing anything else to the terminal. */
  end(): void;
}

/** Draws bars on a terminal and plain lines elsewhere, both on standard error. */
export function drawProgress(stream: NodeJS.WriteStream = process.stderr): ProgressDrawer {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): ProgressDrawer {
  let current: { bar: cliProgress.SingleBar; step: Step } | undefined;
  const end = () => {
    current?.bar.stop();
    current = undefined;
  };
  const begin = (step: Step) => {
    const bar = new cliProgress.SingleBar({
      stream,
      hideCursor: true,
      barsize: 30,
      format: (options, { progress, eta }) => barLine(current?.step ?? step, progress, eta, options.barsize ?? 30),
    });
    current = { bar, step };
    bar.start(step.total ?? 0, step.done);
  };
  return {
    show(step) {
      if (current?.step.title !== step.title) {
        end();
        begin(step);
      }
      if (!current) return;
      current.step = step;
      current.bar.update(step.done);
    },
    note(line) {
      end();
      stream.write(line + '\n');
    },
    end,
  };
}

function barLine(step: Step, progress: number, eta: number | string, size: number): string {
  if (!step.total) return `${step.title}  ${amount(step)}`;
  const filled = Math.round(size * Math.min(1, progress));
  const bar = '█'.repeat(filled) + '░'.repeat(size - filled);
  const left = progress >= 1 || !Number.isFinite(Number(eta)) ? '' : `  ${Math.round(Number(eta))} s left`;
  return `${bar} ${Math.floor(progress * 100)} %  ${step.title}  ${amount(step)}${left}`;
}

const quarterOfTotal = 0.25;
const quietMs = 10_000;

function lines(stream: NodeJS.WriteStream): ProgressDrawer {
  let last: { title: string; quarter: number; at: number } | undefined;
  return {
    show(step) {
      const quarter = step.total ? Math.floor(step.done / step.total / quarterOfTotal) : 0;
      const same = last?.title === step.title ? last : undefined;
      if (same && quarter <= same.quarter && Date.now() - same.at < quietMs) return;
      last = { title: step.title, quarter, at: Date.now() };
      const percent = step.total ? ` ${Math.floor((100 * step.done) / step.total)} %` : '';
      stream.write(`${step.title}:${percent} ${amount(step)}`.trimEnd().replace(/:$/, '') + '\n');
    },
    note: (line) => void stream.write(line + '\n'),
    end: () => {},
  };
}

function amount({ done, total, unit }: Step): string {
  if (unit === 'bytes') return `${megabytes(done)}${total ? `/${megabytes(total)}` : ''} MB`;
  if (total === 1) return '';
  return `${done}${total ? `/${total}` : ''} ${unit}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
