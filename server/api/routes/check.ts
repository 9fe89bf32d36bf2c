import { z } from 'zod';
import { Captions } from '../../compiler/captions.ts';
import { checkWhole } from '../../compiler/check-whole.ts';
import { check } from '../../compiler/check.ts';
import { flowsOf } from '../../compiler/flows.ts';
import { identityOf } from '../../graph/identity.ts';
import { incomingGraph } from '../../graph/incoming.ts';
import { socketsIn } from '../../graph/sockets-in.ts';
import { weightsProblems } from '../../runs/weights-problems.ts';
import { locatedProblem } from '../located-problem.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { socketsAnswer } from './nodes.ts';

const signal = z.object({
  type: z.string().describe('Socket type.'),
  shape: z.array(z.int()).describe('Of one sample.'),
  stride: z.number().optional().describe('Pixels of the input image between neighbouring positions.'),
  image: z.tuple([z.int(), z.int()]).optional().describe('Height and width of the image that it is computed from.'),
  centred: z.boolean().optional().describe('Of a map that may be below zero.'),
});
const cost = z
  .object({
    parameters: z.number().describe('Weights, counted as numbers.'),
    multiplyAdds: z.number().describe('For one image.'),
    activationBytes: z.number().describe('Written for one image.'),
  })
  .meta({ id: 'Cost' });

/** What `check` says of documents: the one source of shapes and errors. */
export function checkRoutes({ registry, weights }: Pick<Services, 'registry' | 'weights'>): Route[] {
  return [
    route({
      operation: 'checkGraph',
      method: 'post',
      path: '/check',
      tag: 'graphs',
      summary: 'What is wrong with a document, and what flows in it: shapes, strides and costs',
      body: z.object({ document: z.unknown() }),
      answer: z.object({
        ok: z.boolean().describe('Whether it can be run.'),
        identity: z.string().describe('Equal for documents that compute the same.'),
        problems: z.array(locatedProblem),
        nodes: z.record(
          z.string(),
          z.object({ type: z.string(), title: z.string(), params: z.record(z.string(), z.unknown()), outputs: z.record(z.string(), signal), cost }),
        ),
        edges: z.array(
          signal.extend({
            from: z.string(),
            to: z.string(),
            via: z.array(z.string()).describe('Sockets of instances of sub-graphs on the way.'),
            text: z.string().describe('Shape and stride, such as `14×14×112 /16`, or what the socket type says of it.'),
          }),
        ),
        sockets: z
          .record(z.string(), z.object({ inputs: socketsAnswer, outputs: socketsAnswer }))
          .describe('Of every node of the document whose type is known, and of every instance of a sub-graph, with the parameters that it has.'),
        total: cost,
      }),
      async handle({ body }) {
        const { document, warnings } = incomingGraph(body.document, registry);
        const checked = check(document, registry);
        const { problems, error } = checkWhole(checked);
        const unreached = await weightsProblems(checked.nodes.values(), await weights.registry());
        const captions = new Captions(registry);
        const edges = flowsOf(document, checked, captions);
        const nodes = [...checked.nodes.values()];
        const sum = (key: keyof z.output<typeof cost>): number => nodes.reduce((n, one) => n + one.cost[key], 0);
        return {
          ok: error === undefined && unreached.length === 0,
          identity: identityOf(document, registry),
          problems: [...warnings.filter((one) => !problems.some(({ code, node }) => code === one.code && node === one.node)), ...problems, ...unreached, ...captions.problems],
          nodes: Object.fromEntries(nodes.map(({ id, definition, title, params, outputs, cost: of }) => [id, { type: definition.type, title, params, outputs, cost: of }])),
          edges,
          sockets: socketsIn(document, registry),
          total: { parameters: sum('parameters'), multiplyAdds: sum('multiplyAdds'), activationBytes: sum('activationBytes') },
        };
      },
    }),
  ];
}
