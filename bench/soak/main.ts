import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { createRandom } from '../../plugins/sdk/random.ts';
import { cacheDirectory } from '../../server/home.ts';
import type { Logged } from '../../server/queue/event-log.ts';
import { isOver } from '../../test/support/served.ts';
import { writeCategory } from '../../test/server/runs/trial-data.ts';
import { Jobs } from './jobs.ts';
import { leftoversIn, processesOf } from './left-behind.ts';
import { Savers } from './savers.ts';
import { SoakServer } from './soak-server.ts';
import { Watcher } from './watchers.ts';

/**
 * `tsx bench/soak/main.ts`: does anything get lost? Clients save graphs, runs are asked for and watched, and all the while
 * workers and the server are killed. Ends with 1 where anything is not as it should be. Linux only, as it looks into /proc.
 */
const options = new Command('soak')
  .option('--seed <n>', 'of all choices', Number, 0)
  .option('--saves <n>', 'saves of graphs', Number, 200)
  .option('--runs <n>', 'runs that are asked for', Number, 50)
  .option('--clients <n>', 'clients that come, watch and leave', Number, 20)
  .option('--growth <n>', 'what the memory of a warm server may grow by, MB', Number, 100)
  .option('--minutes <n>', 'how long all of it may take', Number, 12)
  .option('--keep', 'leave the home where it is')
  .parse();
const { seed, saves, runs, clients, growth, minutes, keep } = options.opts<Record<'seed' | 'saves' | 'runs' | 'clients' | 'growth' | 'minutes', number> & { keep?: boolean }>();

const home = mkdtempSync(join(tmpdir(), 'stillroom-soak-'));
process.env['STILLROOM_CACHE'] = cacheDirectory();
const [data, log] = [join(home, 'data'), join(home, 'errors.log')];
const wrong: string[] = [];
const begun = performance.now();
const took = (): number => (performance.now() - begun) / 1000;
const say = (text: string): void => void process.stderr.write(`${took().toFixed(0).padStart(4)} s  ${text}\n`);

const server = new SoakServer({ home, data, concurrency: 2, log });
const savers = new Savers(server);
const jobs = new Jobs(server, data);
const watchers = Array.from({ length: clients }, (_, i) => new Watcher(server, createRandom(seed, 'watcher', i)));
let eventsOf: ReadonlyMap<string, readonly Logged[]> = new Map();
const kills = { worker: 0, server: 0, ended: 0 };
const late = setTimeout(() => end([...wrong, `it did not end within ${minutes} minutes`]), minutes * 60_000);

const load = loadavg()[0]!;
await writeCategory(join(data, 'bottle'));
await server.start();
await savers.create(3);

let isQuiet = false;
const savesEach = Math.ceil(saves / 4);
const work = [
  jobs.submit(runs, createRandom(seed, 'jobs'), 2500),
  ...[0, 1, 2, 3].map((i) => savers.client(`client ${i}`, Math.min(savesEach, saves - i * savesEach), createRandom(seed, 'saver', i), 5000)),
];
const visits = watchers.map((watcher) => watcher.comeAndGo(() => jobs.wanted.map(({ id }) => id), () => isQuiet));
const killing = [killWorkers(), killServers()];
await Promise.all(work);
say('everything is saved and asked for');
while ((await countOver()) < runs) await sleep(1000);
isQuiet = true;
await Promise.all([...visits, ...killing]);
say('every run is over');

eventsOf = new Map(await Promise.all(jobs.wanted.map(async ({ id }) => [id, await jobs.events(id)] as const)));
const lastOf = new Map([...eventsOf].map(([id, events]) => [id, events.length]));
await Promise.all(watchers.map((watcher) => watcher.catchUp(lastOf)));
watchers.forEach((watcher, i) => wrong.push(...watcher.violations(`client ${i}`, eventsOf)));
wrong.push(...(await savers.violations(home)), ...(await jobs.violations(home)));
// Time for what is no longer needed to be let go, before memory is looked at for the last time.
await sleep(5000);
await server.end('SIGTERM');
// A worker may save what it has for so long once its server has gone.
for (let i = 0; i < 25 && processesOf(home).length > 0; i++) await sleep(1000);
wrong.push(...processesOf(home).map(({ pid, command }) => `process ${pid} is left: ${command}`), ...leftoversIn(home).map((file) => `left on disk: ${file}`));
const warm = server.lives.filter((life) => !Number.isNaN(life.warm));
wrong.push(...warm.filter((life) => life.most - life.warm > growth).map(({ warm, most }) => `memory grew from ${warm.toFixed(0)} to ${most.toFixed(0)} MB`));
wrong.push(...readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => `the server's log: ${line.slice(0, 500)}`));
end(wrong);

function end(found: readonly string[]): void {
  clearTimeout(late);
  const events = [...eventsOf.values()].reduce((sum, one) => sum + one.length, 0);
  const lives = server.lives.map(({ seconds, warm, most }) => (Number.isNaN(warm) ? `${seconds.toFixed(0)} s` : `${seconds.toFixed(0)} s: ${warm.toFixed(0)} → ${most.toFixed(0)}`));
  process.stdout.write(`${availableParallelism()} cores, load before ${load.toFixed(2)}, seed ${seed}, ${took().toFixed(0)} s
${savers.saved.length} saves; ${savers.conflicts} refused as conflicts and made again, ${savers.unanswered} without an answer
${jobs.wanted.length} runs, ${events} events; ${kills.worker} workers killed, ${kills.server} servers killed, ${kills.ended} ended in order
${clients} clients, ${watchers.reduce((sum, { visits }) => sum + visits, 0)} visits, ${watchers.reduce((sum, { told }) => sum + told, 0)} events told
memory of each server once warm, MB: ${lives.join('; ')}
${found.length === 0 ? 'nothing lost, nothing twice, nothing left behind' : `${found.length} violations:\n${found.join('\n')}`}
`);
  if (!keep) rmSync(home, { recursive: true, force: true });
  process.exit(found.length === 0 ? 0 : 1);
}

async function countOver(): Promise<number> {
  return (await jobs.list()).filter(isOver).length;
}

/** One for each run that is over, at most: a slow machine gets on too. */
async function killWorkers(): Promise<void> {
  const random = createRandom(seed, 'worker kills');
  while (!isQuiet) {
    await sleep(2000 + 8000 * random.uniform());
    if (kills.worker > (await countOver())) continue;
    const found = await jobs.workerOf(random, home);
    if (!found || isQuiet) continue;
    try {
      process.kill(found.pid, 'SIGKILL');
      kills.worker++;
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** One for every three runs, until two thirds are over: the last server lives on, so that its memory can be looked at. */
async function killServers(): Promise<void> {
  const random = createRandom(seed, 'server kills');
  for (;;) {
    await sleep(5000 + 20_000 * random.uniform());
    const over = await countOver();
    if (over > (2 * runs) / 3) return;
    if (3 * (kills.server + kills.ended) > over) continue;
    const isKilled = random.uniform() < 0.75;
    // Most are killed while they save something.
    if (isKilled) await Promise.race([server.nextChange(), sleep(5000)]);
    await sleep(12 * random.uniform());
    await server.end(isKilled ? 'SIGKILL' : 'SIGTERM');
    kills[isKilled ? 'server' : 'ended']++;
    await sleep(1000 * random.uniform());
    await server.start();
    say(`server ${isKilled ? 'killed' : 'ended'} and started again; ${over} runs over, ${savers.saved.length} saves`);
  }
}
