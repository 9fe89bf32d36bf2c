import { Buffer } from 'node:buffer';
import { imagesIn, type CategoryFiles, type Folder, type Layout, type Optimiser, type Pack, type Schedule, type WeightReader } from '../../../../plugins/sdk/index.ts';
import { adam } from '../../../../plugins/training/optimisers/adam.ts';

/** Each of what a pack may bring beside nodes, as it should be. */
const category = (folder: Folder, train: string[]): CategoryFiles => ({ name: folder.name, folder: '', train, test: [], orphanMasks: [], normalFolder: '', notes: [] });

const layout: Layout = {
  name: 'acme/flat',
  title: 'images in a folder, normal ones called n_…',
  example: { 'n_1.png': null, 'n_2.png': null, 'd_3.png': null },
  detects: (folder) => imagesIn(folder).some((path) => path.startsWith('n_')),
  read: (folder) => [category(folder, imagesIn(folder).filter((path) => path.startsWith('n_')))],
};

const reader: WeightReader = {
  name: 'acme/rows',
  title: 'rows of bytes',
  extensions: ['.row'],
  recognises: (start) => Buffer.from(start).toString('latin1').startsWith('ROW'),
  read: async (file) => new Map([['row', { shape: [file.size - 3], data: Float32Array.from(await file.bytes(3)) }]]),
  example: () => ({ bytes: Buffer.from('ROW\x01\x02'), tensors: new Map([['row', { shape: [2], data: Float32Array.of(1, 2) }]]) }),
};

const optimiser: Optimiser<{ kind: 'acme/momentum'; decay: number }> = {
  name: 'acme/momentum',
  title: 'Momentum',
  example: { kind: 'acme/momentum', decay: 0.5 },
  slots: () => ['velocity'],
  hyper: ({ decay }, { rate }) => ({ rate, decay }),
  move(tf, { value, gradient, slots, hyper }) {
    const velocity = tf.add(tf.mul(slots['velocity']!, hyper['decay']!), gradient);
    return { value: tf.sub(value, tf.mul(velocity, hyper['rate']!)), slots: { velocity } };
  },
};

const schedule: Schedule<{ kind: 'acme/halves' }, { share: number }> = {
  name: 'acme/halves',
  title: 'Halves',
  example: { kind: 'acme/halves' },
  begin: () => ({ share: 1 }),
  rate: (_, { share }, { base }) => base * share,
  afterEpoch: (_, { share }) => ({ share: share / 2 }),
};

export const soundExtensions: Pack = { name: 'acme', nodes: [], layouts: [layout], weightReaders: [reader], optimisers: [optimiser], schedules: [schedule] };

let calls = 0;
const layouts = (change: Partial<Layout>): Pack => ({ name: 'acme', nodes: [], layouts: [{ ...layout, ...change }] });
const readers = (change: Partial<WeightReader>): Pack => ({ name: 'acme', nodes: [], weightReaders: [{ ...reader, ...change }] });
const optimisers = (change: Partial<typeof optimiser>): Pack => ({ name: 'acme', nodes: [], optimisers: [{ ...optimiser, ...change }] });
const schedules = (change: Partial<typeof schedule>): Pack => ({ name: 'acme', nodes: [], schedules: [{ ...schedule, ...change }] });

/** By what is wrong: the pack, its rule, and what the finding says. */
export const brokenExtensions: Record<string, [Pack, string, RegExp]> = {
  'a layout that does not know its example': [layouts({ detects: () => false }), 'layout-recognises', /expected `detects` to recognise the example, found that it does not/],
  'a layout that takes whatever there is': [layouts({ detects: () => true, read: (folder) => [category(folder, folder.files.filter((name) => name.endsWith('.png')).map((name) => folder.path + name))] }), 'layout-recognises', /leave alone a folder without images/],
  'a layout that expects what need not be there': [layouts({ detects: (folder) => folder.files.at(-1)!.startsWith('n_') }), 'layout-recognises', /say of any folder whether it is laid out so, found that it failed .*undefined/],
  'a layout that answers otherwise than by true or false': [layouts({ detects: (folder) => imagesIn(folder).find((path) => path.startsWith('n_')) as never }), 'layout-recognises', /expected `detects` to give true or false, found (string|undefined)/],
  'a layout that names files that are not there': [layouts({ read: (folder) => [category(folder, ['n_0.png'])] }), 'layout-files', /found in the category "example" "n_0.png", which is none/],
  'a layout that gives something else': [layouts({ read: () => 'files' as never }), 'layout-files', /expected a list/],
  'a layout that throws': [
    layouts({
      read: () => {
        throw new Error('too many files');
      },
    }),
    'layout-files',
    /too many files/,
  ],
  'a layout that finds nothing to train on in its example': [layouts({ read: (folder) => [category(folder, [])] }), 'layout-files', /expected normal images to train on in the example, found none/],
  'a layout that sorts the listing': [layouts({ read: (folder) => [category(folder, imagesIn({ ...folder, files: folder.files.sort().reverse() }))] }), 'layout-pure', /expected `read` to leave the folder alone, found it changed on its example/],
  'a layout that draws by chance': [layouts({ read: (folder) => [{ ...category(folder, imagesIn(folder)), normalFolder: String(calls++) }] }), 'layout-pure', /expected `read` to give the same again/],
  'a reader that takes any file': [readers({ recognises: () => true }), 'reader-recognises', /leave alone a file of safetensors, found that it takes it/],
  'a reader that fails on short files': [readers({ recognises: (start) => Buffer.from(start).readUInt8(0) === 0x52 && start[1] === 0x4f && start[2] === 0x57 }), 'reader-recognises', /found that it failed of an empty file/],
  'a reader that does not know its example': [readers({ recognises: () => false }), 'reader-recognises', /expected `recognises` to recognise the example/],
  'a reader that reads other names': [readers({ read: () => new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]) }), 'reader-reads', /expected the arrays row of the example, found a/],
  'a reader that reads other numbers': [readers({ read: () => new Map([['row', { shape: [2], data: Float32Array.of(1, 3) }]]) }), 'reader-reads', /expected what the example has, found that "row" differs by 1/],
  'a reader that throws': [
    readers({
      read: () => {
        throw new Error('a byte too many');
      },
    }),
    'reader-reads',
    /a byte too many/,
  ],
  'an optimiser that divides by nothing': [optimisers({ move: (tf, { value, slots }) => ({ value: tf.div(value, tf.sub(value, value)), slots }) }), 'optimiser-step', /expected finite weights and slots, found others/],
  'an optimiser that forgets a slot': [optimisers({ move: (_, { value }) => ({ value, slots: {} }) }), 'optimiser-step', /expected the slots velocity, found none/],
  'an optimiser whose numbers are not finite': [optimisers({ hyper: () => ({ rate: Number.NaN, decay: 0.5 }) }), 'optimiser-step', /expected a finite number for "rate", found NaN/],
  'an optimiser that names other numbers later': [optimisers({ hyper: ({ decay }, { rate, step }) => ({ rate, decay, ...(step > 1 ? { late: 1 } : {}) }) }), 'optimiser-step', /expected `hyper` to give the same names at every step, found decay, rate and then decay, late, rate/],
  'an optimiser that climbs': [
    optimisers({ slots: () => [], move: (tf, { value, gradient, hyper }) => ({ value: tf.add(value, tf.mul(tf.sign(gradient), tf.mul(hyper['rate']!, 0.001))), slots: {} }) }),
    'optimiser-descends',
    /expected a bowl to be descended at one of the rates/,
  ],
  'an optimiser that counts by itself': [optimisers({ move: (tf, at) => optimiser.move(tf, { ...at, gradient: tf.mul(at.gradient, 1 + 0.1 / ++calls) }) }), 'optimiser-native', /expected `move` to be traced into a native program|something is frozen in the trace/],
  'an optimiser whose kernel does something else': [{ name: 'acme', nodes: [], optimisers: [{ ...adam, name: 'acme/adam', hyper: (settings, at) => ({ ...adam.hyper(settings, at), decay: 0.05 }), move: (tf, at) => adam.move(tf, { ...at, hyper: { ...at.hyper, decay: tf.scalar(0) } }) }] }, 'optimiser-native', /the kernel "adam" does something else/],
  'an optimiser that keeps a tensor': [
    optimisers({
      move(tf, at) {
        tf.keep(tf.scalar(1));
        return optimiser.move(tf, at);
      },
    }),
    'leak',
    /expected `move` to leave no tensor behind/,
  ],
  'a schedule that goes below 0': [schedules({ rate: (_, __, { base, step }) => base - 0.01 * step }), 'schedule-rates', /expected a finite rate from 0, found -0\.01 at step 3/],
  'a schedule of nothing': [schedules({ rate: () => 0 }), 'schedule-rates', /expected a rate above 0 at some step, found 0 at all/],
  'a schedule that divides by the steps that are left': [schedules({ rate: (_, __, { base, step, steps }) => base / (steps - 1 - step) }), 'schedule-rates', /found Infinity at step 6 of 6/],
  'a schedule that remembers a function': [schedules({ begin: () => (() => 1) as never }), 'schedule-rates', /expected plain data to be remembered, found function/],
  'a schedule that changes its memory': [
    schedules({
      afterEpoch(_, memory) {
        memory.share /= 2;
        return memory;
      },
    }),
    'schedule-pure',
    /expected `afterEpoch` to give a memory of its own/,
  ],
  'a schedule that counts by itself': [schedules({ rate: (_, __, { base }) => base / ++calls }), 'schedule-pure', /expected `rate` to give the same again/],
  'settings that are no plain data': [schedules({ example: { kind: 'acme/halves', when: new Date(0) } as never }), 'serialisation', /expected settings that are plain data, found that when is a Date in the example/],
  'an optimiser whose settings are no plain data': [optimisers({ example: { kind: 'acme/momentum', decay: 0.5, by: new Map() } as never }), 'serialisation', /found that by is a Map in the example/],
};
