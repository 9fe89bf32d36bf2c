import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../plugins/sdk/problem.ts';

describe('a problem in words', () => {
  const problem = { code: 'unreadable-image', severity: 'error', message: 'expected an image, found none' } as const;

  it('has its place before it and what to do after it', () => {
    expect(formatProblem({ ...problem, file: 'a.png', hint: 'fetch it again' })).toBe('a.png: expected an image, found none (fetch it again)');
    expect(formatProblem({ ...problem, node: 'student', socket: 'layer1' })).toBe('student.layer1: expected an image, found none');
  });

  it('is one line, whatever a file is called, and gives a terminal nothing to obey', () => {
    const file = 'ü "a"\n\u001b[31m\u009b2J\u2028b.png';
    expect(formatProblem({ ...problem, file })).toBe('ü "a"\\n\\u001b[31m\\u009b2J\\u2028b.png: expected an image, found none');
  });
});
