import { isDeepStrictEqual } from 'node:util';
import type { Schedule } from '../../plugins/sdk/index.ts';
import { scheduleOf } from '../runtime/schedule.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';
import { whatIsNotPlain } from './plain-data.ts';

const base = 0.01;
/** Validation losses at the ends of epochs: falling, at rest, rising. */
const courses = [
  [5, 4, 3, 2, 1, 0.5],
  [5, 5, 5, 5, 5, 5],
  [1, 2, 3, 4, 5, 6],
];

/** Holds a schedule to its rules, with the settings of its example, over fits of one step and of many. */
export function checkSchedule(schedule: Schedule, runs = [1, 7, 100]): Finding[] {
  const findings = new Findings(schedule.name);
  const notPlain = whatIsNotPlain(schedule.example);
  if (notPlain !== undefined) findings.add('serialisation', `expected settings that are plain data, found that ${notPlain} in the example`, 'use numbers, texts, lists and plain objects only');
  try {
    for (const stepsPerEpoch of runs) for (const losses of courses) checkCourse(schedule, losses, stepsPerEpoch, findings);
  } catch (error) {
    findings.add('schedule-rates', `expected a finite rate from 0 at every step, found that it failed: ${reasonOf(error)}`, 'work the rate out of settings, memory, base and step');
  }
  return findings.list;
}

function checkCourse(schedule: Schedule, losses: readonly number[], stepsPerEpoch: number, findings: Findings): void {
  const { begin, rate, afterEpoch } = scheduleOf(schedule, schedule.example);
  const steps = losses.length * stepsPerEpoch;
  const where = `in a fit of ${steps} steps`;
  let memory = begin(base);
  let highest = 0;
  losses.forEach((loss, epoch) => {
    for (let i = 0; i < stepsPerEpoch; i++) {
      const at = { base, step: epoch * stepsPerEpoch + i, steps };
      const before = structuredClone(memory);
      const [first, second] = [rate(memory, at), rate(memory, at)];
      if (first !== second || !isDeepStrictEqual(memory, before)) {
        findings.add('schedule-pure', `expected \`rate\` to give the same again and leave the memory alone, found otherwise ${where}`, 'work the rate out of what it is given; what changes belongs into `afterEpoch`');
      }
      highest = Math.max(highest, first);
    }
    const before = structuredClone(memory);
    const next = afterEpoch(memory, loss);
    if (!isDeepStrictEqual(memory, before) || !isDeepStrictEqual(afterEpoch(memory, loss), next)) {
      findings.add('schedule-pure', `expected \`afterEpoch\` to give a memory of its own, the same again, found otherwise ${where}`, 'give a new object: `{ ...memory, … }`', 'afterEpoch');
    }
    memory = next;
  });
  if (highest === 0) findings.add('schedule-rates', `expected a rate above 0 at some step, found 0 at all ${where}`, 'nothing is fitted at a rate of 0');
}
