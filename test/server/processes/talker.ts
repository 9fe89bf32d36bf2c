import { getPriority } from 'node:os';

process.on('message', ({ values }: { values: Float32Array }) => {
  process.send!({ doubled: values.map((value) => 2 * value), loader: process.execArgv, nice: getPriority(), given: process.env['GIVEN'] });
  console.error('x'.repeat(10_000) + 'the end');
  setTimeout(() => process.disconnect());
});
