import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Tensor, Tf } from './node.ts';
import { choice, type Param } from './params.ts';
import type { InferContext, Signal } from './signal.ts';

/**
 * What is done where teacher and student differ in size: `strict` refuses it; `pool` averages the teacher's features
 * over k×k positions where they are k times as many in each direction (MixedTeacher's reduced student: 2×2).
 */
export type Match = 'strict' | 'pool';

/** The parameter that chooses it. */
export function matching(options: { default: Match }): Param<Match> {
  return choice<Match>({
    default: options.default,
    options: {
      strict: 'same size only',
      pool: 'average-pool the teacher to the student\'s size',
    },
    help: 'What is done where the teacher has more positions than the student.',
  });
}

/** How a comparison is called where its problems are told. */
export interface MatchNames {
  /** Input sockets. */
  teacher: string;
  student: string;
  /** What to do, in a strict comparison, about a teacher that is a whole number of times larger. */
  poolHint: string;
}

const usualNames: MatchNames = { teacher: 'teacher', student: 'student', poolHint: 'set `match` to "pool"' };

/**
 * Whether the features of the inputs `teacher` and `student` can be compared, and what is compared: the student's size
 * and stride, without a tensor. Reports what does not fit and gives undefined.
 */
export function inferMatch(
  teacher: Signal,
  student: Signal,
  match: Match,
  ctx: InferContext,
  names: MatchNames = usualNames,
): Signal | undefined {
  const [height = 0, width = 0, channels = 0] = teacher.shape;
  const [h = 0, w = 0, c = 0] = student.shape;
  const problem = (code: string, message: string, hint: string): undefined => {
    ctx.problem({ code, socket: names.student, message, hint });
    return undefined;
  };
  if (c !== channels) {
    return problem(
      'shape-mismatch',
      `expected ${channels} channels as on "${names.teacher}", found ${c}`,
      'connect the output of the same stage, or change the student\'s number of channels',
    );
  }
  const factor = height / h;
  const isPoolable = Number.isInteger(factor) && width === factor * w;
  if (factor !== 1 || width !== w) {
    const expected = `expected ${height}×${width} positions as on "${names.teacher}", found ${h}×${w}`;
    if (!isPoolable) return problem('shape-mismatch', expected, 'connect outputs of the same stride');
    if (match === 'strict') {
      return problem('shape-mismatch', expected, `${names.poolHint}, or connect outputs of the same stride`);
    }
  }
  if (teacher.image && student.image && teacher.image.join() !== student.image.join()) {
    return problem(
      'image-mismatch',
      `expected features of ${teacher.image.join('×')} images as on "${names.teacher}", found those of ${student.image.join('×')}`,
      'give teacher and student the same images',
    );
  }
  const image = student.image ?? teacher.image;
  const stride = student.stride ?? (teacher.stride === undefined ? undefined : teacher.stride * factor);
  return {
    type: student.type,
    shape: [h, w, c],
    ...(stride === undefined ? {} : { stride }),
    ...(image ? { image } : {}),
  };
}

/** The teacher's features `[N,kh,kw,C]` at the student's size `[N,h,w,C]`; unchanged where k is 1. */
export function matchTeacher(tf: Tf, teacher: Tensor, student: Tensor): Tensor {
  const factor = teacher.shape[1]! / student.shape[1]!;
  return factor === 1 ? teacher : tf.avgPool(teacher as Tensor4D, factor, factor, 'valid');
}
