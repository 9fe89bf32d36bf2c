import type { Problem } from '../../plugins/sdk/index.ts';
import type { Logged } from '../state/live.svelte.ts';

export interface LogLine {
  seq: number;
  at: string;
  text: string;
  tone: 'plain' | 'bad' | 'warn' | 'good';
}

/** An event of a run in words; null for what merely progresses. */
export function lineOf({ seq, at, event }: Logged): LogLine | null {
  const said = say(event);
  return said && { seq, at, tone: 'plain', ...said };
}

type Said = Pick<LogLine, 'text'> & Partial<Pick<LogLine, 'tone'>>;

function say(event: Logged['event']): Said | null {
  const field = <T>(name: string): T => event[name] as T;
  switch (event.type) {
    case 'state':
      return sayState(field('state'), field('reason'), field('problem'));
    case 'category':
      return { text: `${field<string>('category')}: ${field<number>('train')} images to train on, ${field<number>('validation')} to validate, ${field<number>('test')} to test` };
    case 'stage':
      return { text: `${field<string>('category')}: ${field<string>('stage')}${field('node') ? ` ${field<string>('node')}` : ''}` };
    case 'resumed':
      return { text: `${field<string>('fit')} goes on after epoch ${field<number>('epoch')}` };
    case 'epoch':
      return { text: `${field<string>('fit')}, epoch ${field<number>('epoch')}: train loss ${loss(field('trainLoss'))}, validation ${loss(field('validationLoss'))}${field('isBest') ? ', the best so far' : ''}` };
    case 'fitted':
      return { text: `${field<string>('fit')} is fitted: best epoch ${field<number>('bestEpoch')}${field('stopped') === 'early' ? ', stopped early' : ''}` };
    case 'warning': {
      const { message, hint } = field<Problem>('problem');
      return { text: hint ? `${message} (${hint})` : message, tone: 'warn' };
    }
    default:
      return null;
  }
}

function sayState(state: string, reason: string | undefined, problem: Problem | undefined): Said {
  const why = [reason, problem && `${problem.node ? `${problem.node}: ` : ''}${problem.message}`].filter(Boolean).join('; ');
  return { text: why ? `${state}: ${why}` : state, tone: state === 'failed' ? 'bad' : state === 'done' ? 'good' : 'plain' };
}

const loss = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : String(value));
