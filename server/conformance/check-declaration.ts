import { isDeepStrictEqual } from 'node:util';
import { inputSockets, outputSockets, type AnyNodeDefinition, type Control, type Param, type Sockets } from '../../plugins/sdk/index.ts';
import { describeValue } from '../graph/explain.ts';
import { createRegistry } from '../graph/registry.ts';
import { reasonOf, type Findings } from './finding.ts';
import { withoutTensors } from './fill.ts';
import { numbersOf, paramsOf, type ParamSet } from './parameter-sets.ts';

const builtinTypes = new Set(['dataset', 'images', 'features', 'map', 'score', 'loss', 'weights', 'report']);

/** `schema` of what a definition declares, without its sockets. */
export function checkSchema(definition: AnyNodeDefinition, findings: Findings): void {
  if (!hasMissingMigrations(definition)) {
    try {
      createRegistry([{ name: 'checked', nodes: [definition] }]);
    } catch (error) {
      findings.add('schema', reasonOf(error), 'a type, a version and the names of parameters are what graphs keep');
    }
  }
  for (const [name, param] of paramsOf(definition)) checkParam(name, param, findings);
}

export function hasMissingMigrations({ version, migrate }: AnyNodeDefinition): boolean {
  return Array.from({ length: Math.max(0, version - 1) }, (_, i) => i + 1).some((v) => typeof migrate?.[v] !== 'function');
}

function checkParam(name: string, { schema, default: standard, control }: Param<unknown>, findings: Findings): void {
  const accepts = (value: unknown): boolean => schema.safeParse(value).success;
  const add = (message: string, hint: string): void => findings.add('schema', `parameter "${name}": ${message}`, hint, name);
  const parsed = schema.safeParse(standard);
  if (!parsed.success) {
    add(`expected a default that its schema accepts, found ${describeValue(standard)}`, 'give it a default within its bounds');
  } else if (!isDeepStrictEqual(parsed.data, standard)) {
    add(`expected a default as its schema gives it, found ${describeValue(standard)} where it gives ${describeValue(parsed.data)}`, 'write the default as the schema does');
  }
  const wrong = whatIsWrong(control);
  if (wrong) return add(wrong, 'correct the control');
  for (const value of offeredBy(control, standard)) {
    if (!accepts(value)) add(`expected a schema that accepts what the control offers, found that it refuses ${describeValue(value)}`, 'bring control and schema together');
  }
  for (const value of refusedBy(control)) {
    if (accepts(value)) add(`expected a schema with the bounds of the control, found that it accepts ${describeValue(value)}`, 'bring control and schema together');
  }
}

/** Of a control by itself. */
function whatIsWrong(control: Control): string | undefined {
  switch (control.kind) {
    case 'number':
    case 'numbers': {
      const { min, max } = control;
      if (min !== undefined && max !== undefined && min > max) return `expected a control with min ≤ max, found ${min} and ${max}`;
      if ('step' in control && control.step !== undefined && !(control.step > 0)) return `expected a step above 0, found ${control.step}`;
      return undefined;
    }
    case 'choice':
    case 'stages': {
      const values = control.options.map(({ value }) => value);
      if (values.length === 0) return 'expected options to choose from, found none';
      if (new Set(values).size < values.length) return `expected each option once, found ${values.join(', ')}`;
      const untitled = control.options.find(({ title }) => !title?.trim());
      return untitled ? `expected a title for each option, found none for "${untitled.value}"` : undefined;
    }
    default:
      return undefined;
  }
}

function offeredBy(control: Control, standard: unknown): unknown[] {
  switch (control.kind) {
    case 'number':
      return typeof standard === 'number' ? numbersOf(control, standard) : [];
    case 'numbers':
      return control.length === undefined ? [] : [control.min, control.max].filter((end) => end !== undefined).map((end) => Array.from({ length: control.length! }, () => end));
    case 'toggle':
      return [true, false];
    case 'choice':
      return control.options.map(({ value }) => value);
    case 'stages':
      return control.options.map(({ value }) => [value]);
    case 'colour':
      return ['#000000'];
    default:
      return [''].filter(() => control.kind !== 'text');
  }
}

function refusedBy(control: Control): unknown[] {
  if (control.kind === 'number') {
    const { min, max, integer } = control;
    return [...(min === undefined ? [] : [min - 1]), ...(max === undefined ? [] : [max + 1]), ...(integer ? [(min ?? 0) + 0.5] : [])];
  }
  return control.kind === 'choice' ? ['no such option'] : control.kind === 'toggle' ? ['true'] : [];
}

/** `schema` of the sockets that a node has with some parameters; undefined where it cannot say them. */
export function checkSockets(definition: AnyNodeDefinition, params: ParamSet, findings: Findings): { inputs: Sockets; outputs: Sockets } | undefined {
  try {
    const sockets = { inputs: inputSockets(definition, params), outputs: outputSockets(definition, params) };
    for (const [side, list] of Object.entries(sockets)) {
      for (const [name, { type }] of Object.entries(list)) {
        if (!builtinTypes.has(type) && !/^[^/].*\/[^/]+$/.test(type)) {
          findings.add('schema', `${side} › ${name}: expected a known socket type or "<plugin>/<type>", found "${type}"`, 'a type of your own begins with the name of the plugin', `${side} ${name}`);
        }
        if (name === '' || name.includes('.')) findings.add('schema', `${side}: expected a socket's name without points, found "${name}"`, 'rename it: edges are written `node.socket`', `${side} ${name}`);
      }
    }
    const promised = Object.entries(sockets.outputs).find(([, { type }]) => builtinTypes.has(type) && !withoutTensors.has(type));
    if (promised && !definition.build && !definition.geometry) {
      findings.add('schema', `outputs › ${promised[0]}: expected a \`build\` that gives the ${promised[1].type}, found none`, 'write `build`', 'build');
    }
    return sockets;
  } catch (error) {
    findings.add('schema', `expected its sockets with ${describeValue(JSON.stringify(params))}, found that it throws: ${reasonOf(error)}`, 'say the sockets for all parameters that the schemas accept', 'sockets');
    return undefined;
  }
}

/** Categories whose nodes stand for methods that someone published. */
const categoriesOfMethods = new Set(['teachers', 'students', 'autoencoders', 'distillation', 'scoring', 'memory', 'flows']);
const categories = new Set([...categoriesOfMethods, 'data', 'training', 'evaluation', 'other']);

export function checkDocs(definition: AnyNodeDefinition, findings: Findings): void {
  const { title, summary, category, cite } = definition;
  if (!title?.trim()) findings.add('docs', 'expected a title, found none', 'name the node as people call it', 'title');
  if (!summary?.trim()) findings.add('docs', 'expected a summary, found none', 'say what the node does, in a sentence or two', 'summary');
  else if (!/[.!?:)]$/.test(summary.trim())) findings.add('docs', `expected a summary in whole sentences, found ${describeValue(summary)}`, 'end it with a full stop', 'summary');
  if (!categories.has(category)) findings.add('docs', `expected one of the categories ${[...categories].join(', ')}, found ${describeValue(category)}`, 'use "other" where none fits', 'category');
  if (categoriesOfMethods.has(category) && !cite?.trim()) {
    findings.add('docs', `expected the source of the method (\`cite\`), as the category is "${category}", found none`, 'name paper, section and equation; say so where the method is your own', 'cite');
  }
  for (const [name, { help }] of paramsOf(definition)) {
    if (!help?.trim()) findings.add('docs', `parameter "${name}": expected help for the person who sets it, found none`, 'say in a sentence what it does', name);
  }
}
