import type { AnyNodeDefinition, Geometry, Size } from '../../../plugins/sdk/index.ts';
import type { ApiChange } from './older-api.ts';

/** Before there were ways of looking at images other than their middle. */
interface MiddleOnly {
  resize: Size;
  crop: Size;
}

/** API 1.0: a geometry says its mode; before, it was the middle always, as `{ resize, crop }`. */
export const geometryWithMode: ApiChange = {
  title: '`geometry` gives { resize, crop }: write { mode: "crop", resize, size: crop }',
  adapt: (pack) => ({ ...pack, nodes: pack.nodes.map(adaptNode) }),
};

function adaptNode(node: AnyNodeDefinition): AnyNodeDefinition {
  const { geometry } = (node ?? {}) as Partial<AnyNodeDefinition>;
  if (typeof geometry !== 'function') return node;
  return { ...node, geometry: (params: never) => withMode(geometry(params) as Geometry | MiddleOnly) };
}

function withMode(given: Geometry | MiddleOnly): Geometry {
  if ('mode' in given) return given;
  const { resize, crop } = given;
  return { mode: 'crop', resize, size: crop };
}
