import { spawn } from 'node:child_process';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** Scripts of packages are never run; what a plugin shares with its host (`peerDependencies`) is there already. */
const always = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
const keptOfErrors = 4000;

/** Runs npm in a folder, with the user's own settings; gives what it writes. Throws `npm-missing`, `npm-failed` with what it says. */
export function runNpm(folder: string, command: string, ...args: string[]): Promise<string> {
  const isWindows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(isWindows ? 'npm.cmd' : 'npm', [command, ...always, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], shell: isWindows });
    const told = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told.err = (told.err + text).slice(-keptOfErrors)));
    child.once('error', (cause) => reject(new StillroomError('npm-missing', `expected npm, which installs plugins, found that it cannot be started: ${cause.message}`, { hint: 'install Node with npm', cause })));
    child.once('close', (code) => {
      if (code === 0) resolve(told.out);
      else reject(new StillroomError('npm-failed', `expected npm ${command} to succeed, found: ${saidBy(told.err) || `exit ${code}`}`, { hint: 'check the name, the version, and whether the registry can be reached' }));
    });
  });
}

/** Without the lines that only say where more is to be read. */
function saidBy(errors: string): string {
  const lines = errors.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  return lines.filter((line) => line && !/^(A complete log|code [A-Z0-9]+$)/.test(line)).slice(0, 4).join('; ');
}
