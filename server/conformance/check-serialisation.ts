import { isDeepStrictEqual } from 'node:util';
import type { AnyNodeDefinition } from '../../plugins/sdk/index.ts';
import { resolveParams } from '../graph/params.ts';
import { reasonOf, type Findings } from './finding.ts';
import { paramsOf, type ParamSet } from './parameter-sets.ts';
import { whatIsNotPlain } from './plain-data.ts';

const hint = 'use numbers, texts, true and false, lists and plain objects: graphs are kept as JSON, and processes send it';

/** Parameters come back from a graph's JSON as they were written to it. */
export function checkParameters(definition: AnyNodeDefinition, params: ParamSet, findings: Findings): void {
  for (const [name] of paramsOf(definition)) {
    const wrong = whatIsNotPlain(params[name], [name]);
    if (wrong) findings.add('serialisation', `parameter "${name}": expected a value that JSON can hold, found that ${wrong}`, hint, name);
  }
  if (findings.has('serialisation')) return;
  const { values, problems } = resolveParams(definition, JSON.parse(JSON.stringify(params)) as ParamSet);
  for (const { field = '', message } of problems) {
    findings.add('serialisation', `parameter "${field}": expected to be accepted after it was written as JSON, found: ${message}`, 'let its schema accept what it gives', field);
  }
  for (const [name] of paramsOf(definition)) {
    if (problems.length || isDeepStrictEqual(values[name], params[name])) continue;
    findings.add('serialisation', `parameter "${name}": expected the value that was written as JSON, found another`, 'let its schema leave alone what it gives', name);
  }
}

/** What the server asks a definition for, and sends on. */
export function checkSettings(definition: AnyNodeDefinition, params: ParamSet, findings: Findings): void {
  for (const name of ['dataset', 'geometry', 'fit', 'pretrained'] as const) {
    if (!definition[name]) continue;
    try {
      const settings = definition[name](params);
      const wrong = whatIsNotPlain(settings, [name]);
      if (wrong) findings.add('serialisation', `expected plain data of \`${name}\`, found that ${wrong}`, hint, name);
      else if (!isDeepStrictEqual(definition[name](params), settings)) {
        findings.add('infer-pure', `expected \`${name}\` to say the same of equal parameters, found two answers`, 'let it depend on its parameters alone', name);
      }
    } catch (error) {
      findings.add('infer-throws', `expected \`${name}\` to answer for all parameters that the schemas accept, found that it throws: ${reasonOf(error)}`, 'report in `infer` what does not fit', name);
    }
  }
}
