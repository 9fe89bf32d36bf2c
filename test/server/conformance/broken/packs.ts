import { StillroomError, type Exporter, type Pack, type SocketTypeDefinition } from '../../../../plugins/sdk/index.ts';
import { broken } from './well-behaved.ts';

/** A type of sockets that keeps to every rule. */
export const heat: SocketTypeDefinition = { type: 'acme/heat', title: 'heat', colour: { light: '#9a3412', dark: '#fdba74' }, mark: 'diamond', preview: 'map', describe: ({ shape }) => `heat of ${shape.join(' by ') || 'nothing'}` };
/** An exporter that does. */
export const listing: Exporter = {
  name: 'acme/listing',
  title: 'Listing',
  summary: 'The names of all weights.',
  extensions: ['.txt'],
  async export({ categories }, into) {
    for (const { name, nodes } of categories) await into.write(`lists/${name}.txt`, (await nodes()).flatMap(({ id, weights }) => Object.keys(weights).map((weight) => `${id}/${weight}`)).join('\n'));
  },
};

const packOf = (more: Partial<Pack>): Pack => ({ name: 'acme', nodes: [], ...more });
const ofType = (part: Partial<SocketTypeDefinition>): Pack => packOf({ socketTypes: [{ ...heat, ...part }] });
const ofExporter = (part: Partial<Exporter>): Pack => packOf({ exporters: [{ ...listing, ...part }] });
const writing = (path: string): Pack => ofExporter({ export: (_run, into) => into.write(path, 'x') });

export const wellBehavedPack: Pack = packOf({ socketTypes: [heat], exporters: [listing, { ...listing, name: 'acme/picky', export: () => Promise.reject(new StillroomError('unfit', 'expected a run of a forest')) }] });

/** By what is wrong: the pack, its rule, and what the finding says. */
export const brokenPacks: Record<string, [Pack, string, RegExp]> = {
  'a type of sockets of somebody else': [ofType({ type: 'other/heat' }), 'socket-type', /expected a type that begins with "acme\/"/],
  'a type of sockets without a title': [ofType({ title: ' ' }), 'socket-type', /expected a title/],
  'a colour that is none': [ofType({ colour: { light: 'red', dark: '#fdba74' } }), 'socket-type', /expected a colour such as "#2f6fb7" for the light theme, found "red"/],
  'a colour that cannot be seen in the dark': [ofType({ colour: { light: '#9a3412', dark: '#101010' } }), 'socket-type', /stands out from the dark ground by 3 : 1, found #101010 with 1\.0 : 1/],
  'a preview that there is not': [ofType({ preview: 'smell' as 'map' }), 'socket-type', /expected a preview of image, map, features, histogram, number, none, or a viewer, found "smell"/],
  'a summary of some shapes only': [ofType({ describe: ({ shape }) => shape[2]!.toFixed(0) }), 'socket-type', /describe: expected a summary, found that it throws for \[4\]/],
  'a summary that is a story': [ofType({ describe: () => 'heat '.repeat(40) }), 'socket-type', /expected at most 80 letters, found 200/],
  'a summary that changes': [ofType({ describe: () => String(Math.random()) }), 'socket-type', /expected the same when asked again/],
  'a type of sockets that nobody declares': [
    packOf({ nodes: [broken({ inputs: { features: { type: 'acme/lost' } }, outputs: { features: { type: 'acme/lost' } } })] }),
    'socket-type',
    /expected the type of sockets among `socketTypes` of the pack/,
  ],
  'an exporter that throws': [ofExporter({ export: () => Promise.reject(new TypeError('no forest')) }), 'exporter', /expected it to write a run, found that it throws: no forest/],
  'an exporter that writes nothing': [ofExporter({ export: () => Promise.resolve() }), 'exporter', /expected something to be written/],
  'an exporter that writes elsewhere': [writing('../x.txt'), 'exporter', /expected a path in the export, found "..\/x.txt"/],
  'an exporter that writes other files than it says': [writing('x.exe'), 'exporter', /expected files that end with .txt, found "x.exe"/],
  'an exporter that names no endings': [ofExporter({ extensions: [] }), 'exporter', /expected how its files end/],
};
