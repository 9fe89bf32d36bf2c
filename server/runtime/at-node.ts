import { StillroomError } from '../../plugins/sdk/index.ts';

/** Runs host code of a node, so that what it throws names the node. */
export function atNode<T>(node: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof StillroomError ? error.at({ node }) : error;
  }
}
