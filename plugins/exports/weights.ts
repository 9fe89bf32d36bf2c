import { safetensorsPieces, type EncodedTensor, type ExportedNode, type Exporter } from '../sdk/index.ts';

/** The weights of every node by `<node>/<weight>`, and the graph that says what the nodes are. */
export const weightsExporter: Exporter = {
  name: 'weights',
  title: 'Weights and graph',
  summary: 'The weights of every node as safetensors, a file a category, and the graph as it was run.',
  extensions: ['.safetensors', '.json'],
  async export({ graph, manifest, categories }, into) {
    await into.write('graph.json', `${JSON.stringify(graph, null, 2)}\n`);
    for (const { name, nodes } of categories) {
      const metadata = { category: name, run: String(manifest['identity']) };
      await into.write(`${encodeURIComponent(name)}.safetensors`, safetensorsPieces((await nodes()).flatMap(tensorsOf), metadata));
    }
  },
};

const tensorsOf = ({ id, weights }: ExportedNode): (readonly [string, EncodedTensor])[] =>
  Object.entries(weights).map(([name, { shape, data }]) => [`${id}/${name}`, { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }]);
