import { StillroomError } from '../../plugins/sdk/index.ts';

let tell: ((node: string | null) => void) | null = null;
let current: string | null = null;

/** From now on `listener` is told which node's code is about to run, before it does, and null when it has: a process that hangs cannot say it any more. */
export function watchNodes(listener: (node: string | null) => void): void {
  tell = listener;
}

function enter(node: string | null): void {
  if (node === current) return;
  current = node;
  tell?.(node);
}

/** Runs code of a node, on the host or in a program, so that whatever it throws names the node. Throws `node-failed`, or what the node says. */
export function atNode<T>(node: string, work: () => T): T {
  const outer = current;
  enter(node);
  try {
    return work();
  } catch (cause) {
    if (cause instanceof StillroomError) throw cause.at({ node });
    const found = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new StillroomError('node-failed', `expected the node to do its work, found: ${found}`, {
      node,
      hint: 'if its inputs and parameters are right, this is a defect of the node type: report it to its authors',
      cause,
    });
  } finally {
    enter(outer);
  }
}
