import { randomBytes } from 'node:crypto';

/** The name of a run's folder: when it was asked for, what it is called, and what tells it from others of that. */
export function newRunId(created: string, name: string): string {
  return `${created.slice(0, 19).replaceAll(':', '-')}-${slug(name)}-${randomBytes(3).toString('hex')}`;
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'graph';
}
