import { StillroomError } from '../../plugins/sdk/index.ts';

let tell: ((node: string | null, type: string | null) => void) | null = null;
let current: { node: string; type: string | null } | null = null;

/**
 * From now on `listener` is told which node's code is about to run, before it does, and null when it has: a process that hangs
 * cannot say it any more. Its type is null where the code is not that of the node's own type.
 */
export function watchNodes(listener: (node: string | null, type: string | null) => void): void {
  tell = listener;
}

function enter(next: typeof current): void {
  if (next?.node === current?.node && next?.type === current?.type) return;
  current = next;
  tell?.(next?.node ?? null, next?.type ?? null);
}

/** Runs code of a node, of `type` where that is whose code it is, on the host or in a program, so that whatever it throws names the node. Throws `node-failed`, or what the node says. */
export function atNode<T>(node: string, work: () => T, type: string | null = null): T {
  const outer = current;
  enter({ node, type });
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
