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
  /** A line that stays. */
  note(line: string): void;
  /** Ends the bar that is being drawn; call it before writing anything else to the terminal. */
  end(): void;
}

/** Draws a bar of what is being done on a terminal and plain lines elsewhere, both on standard error. */
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
      clearOnComplete: true,
      // What Ctrl-C means is the command's to say.
      gracefulExit: false,
      format: (_options, { progress, eta }) => barLine(current?.step ?? step, progress, Number(eta), stream.columns || 80),
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

/** One line of a terminal: it must not wrap, or the next one would not be drawn over it. */
function barLine(step: Step, progress: number, eta: number, columns: number): string {
  const line = isCounted(step) ? `${bar(progress, columns < 100 ? 16 : 30)}  ${step.title}  ${amount(step)}` : `${step.title} … ${amount(step)}`;
  const left = progress < 1 && Number.isFinite(eta) && isCounted(step) ? `, ${duration(eta)} left` : '';
  return [...(line.length + left.length < columns ? line + left : line)].slice(0, columns - 1).join('').trimEnd();
}

function bar(progress: number, size: number): string {
  const filled = Math.round(size * Math.min(1, progress));
  return `${'█'.repeat(filled)}${'░'.repeat(size - filled)} ${String(Math.floor(progress * 100)).padStart(3)} %`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const firstPauseMs = 2000;
const longestPauseMs = 60_000;

/**
 * Few lines however long it takes: one when a step ends, and of a long step some in between, at first after two seconds,
 * then ever more rarely, but every minute at least.
 */
function lines(stream: NodeJS.WriteStream): ProgressDrawer {
  let current: { title: string; at: number; pause: number } | undefined;
  return {
    show(step) {
      const now = Date.now();
      const begins = current?.title !== step.title;
      if (begins) current = { title: step.title, at: now, pause: firstPauseMs };
      const { at, pause } = current!;
      // What cannot be counted tells that it begins; there may be nothing more to tell for long.
      const ends = step.total !== undefined && step.done >= step.total;
      if (isCounted(step) ? !ends && now - at < pause : !begins && (ends || now - at < pause)) return;
      current = { title: step.title, at: now, pause: Math.min(2 * pause, longestPauseMs) };
      const percent = isCounted(step) && !ends ? `${Math.floor((100 * step.done) / step.total!)} %, ` : '';
      stream.write(`${step.title}: ${percent}${amount(step)}`.replace(/: $/, '') + '\n');
    },
    note: (line) => void stream.write(line + '\n'),
    end: () => {},
  };
}

function isCounted({ total }: Step): boolean {
  return total !== undefined && total > 1;
}

function amount({ done, total, unit }: Step): string {
  if (total === 1) return '';
  if (unit === 'bytes') return `${megabytes(done)}${total ? `/${megabytes(total)}` : ''} MB`;
  return `${done}${total ? `/${total}` : ''} ${unit}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
