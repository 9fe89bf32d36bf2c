import { Command } from 'commander';
import {
  StillroomError,
  type AnyNodeDefinition,
  type Control,
  type Param,
  type Sockets,
} from '../../plugins/sdk/index.ts';
import { describeNode, socketsOf } from '../graph/describe-node.ts';
import { didYouMean } from '../graph/nearest.ts';
import type { Registry } from '../graph/registry.ts';
import { coloursOf } from './colours.ts';
import { fail, printJson } from './output.ts';
import { packsHere } from './packs-here.ts';
import { pluginOption } from './plugin-option.ts';
import { table } from './table.ts';

/** `stillroom nodes [TYPE]`. */
export function nodesCommand(): Command {
  return new Command('nodes')
    .description('List the node types, or describe one: parameters, sockets, source')
    .argument('[type]', 'node type, such as teacher/resnet18')
    .addOption(pluginOption())
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(async (type: string | undefined, { json = false, plugin }: { json?: boolean; plugin?: string[] }) => {
      try {
        const { registry } = await packsHere(plugin);
        if (type === undefined) list(registry, json);
        else describe(find(type, registry), json);
      } catch (error) {
        fail(error, json);
      }
    });
}

const help = `
Needs no engine.

  $ stillroom nodes
  $ stillroom nodes teacher/resnet18
  $ stillroom nodes training/fit --json | jq '.params | keys'`;

function list({ definitions }: Registry, json: boolean): void {
  if (json) return printJson(definitions.map((definition) => describeNode(definition)));
  const categories = [...new Set(definitions.map(({ category }) => category))];
  const widest = Math.max(...definitions.map(({ type }) => type.length));
  const blocks = categories.map((category) => {
    const rows = definitions.filter((d) => d.category === category);
    return [coloursOf(process.stdout).bold(category), ...rows.map((d) => `  ${d.type.padEnd(widest)}  ${d.title}`)].join('\n');
  });
  process.stdout.write(`${blocks.join('\n\n')}\n`);
}

function find(type: string, registry: Registry): AnyNodeDefinition {
  const definition = registry.get(type);
  if (definition) return definition;
  const types = registry.definitions.map((d) => d.type);
  throw new StillroomError('unknown-node-type', `expected a known node type, found "${type}"`, {
    hint: didYouMean(type, types, '`stillroom nodes` lists them'),
  });
}

function describe(definition: AnyNodeDefinition, json: boolean): void {
  if (json) return printJson(describeNode(definition));
  const { bold, dim } = coloursOf(process.stdout);
  const { inputs, outputs } = socketsOf(definition);
  const parts = [
    `${bold(definition.title)}  ${dim(`${definition.type}, version ${definition.version}`)}\n${definition.summary}`,
    ...(definition.cite ? [`${bold('source')}\n  ${definition.cite}`] : []),
    `${bold('inputs')}${note(definition.inputs)}\n${socketRows(inputs)}`,
    `${bold('outputs')}${note(definition.outputs)}\n${socketRows(outputs)}`,
    `${bold('parameters')}\n${paramRows(definition)}`,
  ];
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

const note = (sockets: unknown): string => (typeof sockets === 'function' ? ' (with default parameters)' : '');
const indented = (text: string): string => text.replace(/^/gm, '  ');

function socketRows(sockets: Sockets): string {
  const rows = Object.entries(sockets).map(([name, { type, title, optional }]) => [
    name,
    type,
    [title, optional ? 'optional' : ''].filter(Boolean).join(', '),
  ]);
  return rows.length ? indented(table(['name', 'type', ''], rows)) : '  none';
}

function paramRows({ params }: AnyNodeDefinition): string {
  const rows = Object.entries(params as Record<string, Param<unknown>>).map(([name, { default: value, control, help }]) => [
    name,
    JSON.stringify(value),
    range(control),
    help ?? '',
  ]);
  return rows.length ? indented(table(['name', 'default', 'values', ''], rows)) : '  none';
}

/** The values a control offers, in a few words: `1 to 11 in steps of 2 px`. */
function range(control: Control): string {
  switch (control.kind) {
    case 'number': {
      const { min, max, step, unit, integer } = control;
      const bounds =
        min !== undefined && max !== undefined
          ? `${min} to ${max}`
          : min !== undefined ? `from ${min}` : max !== undefined ? `up to ${max}` : integer ? 'whole number' : 'number';
      return [bounds, step === undefined ? '' : `in steps of ${step}`, unit ?? ''].filter(Boolean).join(' ');
    }
    case 'numbers':
      return [
        control.length === undefined ? 'numbers' : `${control.length} numbers`,
        control.min !== undefined && control.max !== undefined ? `${control.min} to ${control.max}` : '',
        control.unit ?? '',
      ].filter(Boolean).join(' ');
    case 'toggle':
      return 'true or false';
    case 'choice':
      return control.options.map(({ value }) => value).join(' | ');
    case 'stages':
      return `some of ${control.options.map(({ value }) => value).join(', ')}`;
    case 'text':
      return 'text';
    case 'colour':
      return 'colour as #rrggbb';
    case 'folder':
      return 'folder';
    case 'weights':
      return `weights of ${control.architecture}`;
  }
}
