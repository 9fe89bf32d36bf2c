import type { AnyNodeDefinition, WeightSpec } from '../../plugins/sdk/index.ts';
import { describeCase, type Case } from './case.ts';
import type { Findings } from './finding.ts';

const roles = new Set(['trainable', 'frozen', 'statistic', 'calibrated']);

/** `weights` of what a node declares: names, shapes, roles, and what the roles go with. */
export function checkWeights(definition: AnyNodeDefinition, found: Case, findings: Findings): void {
  const where = describeCase(definition, found);
  const { weights } = found;
  const twice = weights.find(({ name }, i) => weights.findIndex((other) => other.name === name) < i);
  if (twice) findings.add('weights', `expected each weight once, found "${twice.name}" twice, ${where}`, 'give every weight a name of its own', 'twice');
  for (const spec of weights) {
    const wrong = whatIsWrong(spec);
    if (wrong) findings.add('weights', `weight "${spec.name}": ${wrong}, ${where}`, 'correct its declaration', spec.name);
  }
  const of = (role: WeightSpec['role']): WeightSpec | undefined => weights.find((spec) => spec.role === role);
  if (definition.pretrained && of('trainable')) {
    findings.add('weights', `expected a node with pretrained weights to be frozen, found the trainable "${of('trainable')!.name}"`, 'make its weights `frozen`, or leave `pretrained` out', 'pretrained');
  }
  if (of('calibrated') && !definition.calibrate) {
    findings.add('weights', `expected a calibration pass (\`calibrate\`) that fills "${of('calibrated')!.name}", found none`, 'write `calibrate`, or give the weight another role', 'calibrate');
  }
  const [first] = weights;
  if (first && !definition.build && !definition.sink) {
    findings.add('weights', `expected a \`build\` that reads "${first.name}", found none`, 'write `build`, or declare no weights', 'build');
  }
}

function whatIsWrong({ name, shape, role, layout, init }: WeightSpec): string | undefined {
  if (!name) return 'expected a name, found none';
  if (!shape.every((n) => Number.isInteger(n) && n >= 1)) return `expected a shape of whole numbers from 1, found [${shape.join(', ')}]`;
  if (!roles.has(role)) return `expected one of the roles ${[...roles].join(', ')}, found "${role}"`;
  if (layout !== 'plain' && shape.length !== 4) return `expected four dimensions in the layout "${layout}", found [${shape.join(', ')}]`;
  if (init.kind === 'kaiming' && !(init.fan > 0)) return `expected a fan above 0, found ${init.fan}`;
  return undefined;
}
