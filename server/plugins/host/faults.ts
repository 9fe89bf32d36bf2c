import type { Problem } from '../../../plugins/sdk/index.ts';
import type { Ask, Fault } from './messages.ts';

const names: Partial<Record<Ask['call'], string>> = { parse: 'its parameters’ schema', migrate: 'a migration', describe: 'the summary' };

/** `infer of "@acme/nets/wide"`. */
export const placeIn = ({ call, type }: Pick<Ask, 'call' | 'type'>): string => `${names[call] ?? call} of "${type}"`;

const fault = (plugin: string, code: string, message: string): Fault => ({ plugin, problem: { code, severity: 'error', message, hint: again(plugin) } });
const again = (plugin: string): string => `report it to its authors; \`stillroom plugin enable ${plugin}\` tries it again`;

export function tookTooLong(ask: Ask, ms: number): Fault {
  return fault(ask.plugin, 'plugin-timeout', `expected ${placeIn(ask)} to return within ${ms / 1000} s, found that it did not: ${ask.plugin} is switched off`);
}

/** A node, and whose code it is. */
export interface PluginNode {
  plugin: string;
  node: string;
  type: string;
}

const ofNode = ({ node, type }: PluginNode): string => `the code of the node "${node}" (${type})`;

/** Of a node that computes, in a process that was ended for it. */
export function computedTooLong(at: PluginNode, seconds: number): Fault {
  return fault(at.plugin, 'plugin-timeout', `expected ${ofNode(at)} to return within ${seconds} s, found that it did not: ${at.plugin} is switched off`);
}

/** Of a node that ended the process that it computed in. */
export function endedComputing(at: PluginNode, how: string): Fault {
  return fault(at.plugin, 'plugin-process-ended', `expected ${ofNode(at)} to return, found that it ended the process that computes (${how}): ${at.plugin} is switched off`);
}

export function loadedTooLong(plugin: string, ms: number): Problem {
  return { code: 'plugin-timeout', severity: 'error', message: `expected ${plugin} to load within ${ms / 1000} s, found that it did not`, hint: `this is a defect of ${plugin}: report it to its authors` };
}

export function endedWhileLoading(plugin: string, how: string): Problem {
  return { code: 'plugin-process-ended', severity: 'error', message: `expected ${plugin} to load, found that it ended the process of the plugins: ${how}`, hint: `this is a defect of ${plugin}: report it to its authors` };
}

export function endedIn(ask: Ask, how: string): Fault {
  return fault(ask.plugin, 'plugin-process-ended', `expected ${placeIn(ask)} to return, found that it ended the process of the plugins (${how}): ${ask.plugin} is switched off`);
}

export function endedAfter(ask: Ask, how: string): Fault {
  return fault(ask.plugin, 'plugin-process-ended', `expected the process of the plugins to go on after ${placeIn(ask)}, found that it ended (${how}): ${ask.plugin}, whose code ran last, is switched off`);
}

export function heldUp(ask: Ask, ms: number): Fault {
  return fault(ask.plugin, 'plugin-timeout', `expected nothing to go on after ${placeIn(ask)}, found code that held up all plugins for ${ms / 1000} s: ${ask.plugin}, whose code ran last, is switched off`);
}

export function swollen(plugin: string, megabytes: number, most: number): Fault {
  return fault(plugin, 'plugin-memory', `expected plugins to take at most ${most} MB, found ${megabytes} MB, most of it taken by ${plugin}, which is switched off`);
}

export function strayError(plugin: string, message: string): Fault {
  return fault(plugin, 'plugin-failed', `expected ${plugin} to be at rest while nothing is asked of it, found that its code failed: ${message}; it is switched off`);
}
