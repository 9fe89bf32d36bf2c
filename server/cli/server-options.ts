import type { Command } from 'commander';
import { wholeNumber } from './usage.ts';

export interface ServerOptions {
  port: number;
  host: string;
  allowHost: string[];
  token: boolean;
  dataRoot: string[];
  runs?: number;
  watchdog: number;
  plugin?: string[];
  json?: boolean;
}

/** What a server can be told, whatever starts it. */
export function withServerOptions(command: Command): Command {
  return command
    .option('--port <n>', 'port to listen on; 0 for any that is free', wholeNumber(0, 65535), 4321)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <name...>', 'names that it may be reached by, besides that address; may be repeated', [] as string[])
    .option('--no-token', 'let every program of this machine in; only where it listens on this machine alone')
    .option('--data-root <dir...>', 'folders that clients may name datasets of; may be repeated', [] as string[])
    .option('--runs <n>', 'runs at work at once, others wait; where absent as was last said over the API, 1 at first', wholeNumber(1))
    .option('--watchdog <seconds>', 'end the process of a run that gives no sign of life for so long', wholeNumber(1), 600);
}
