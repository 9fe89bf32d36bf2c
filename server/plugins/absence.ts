import type { Problem } from '../../plugins/sdk/index.ts';

/** What to do about a plugin that is here and whose nodes cannot be had. */
export function absenceOf(name: string, state: 'off' | 'failed', why: Problem | null): string {
  if (state === 'off' && !why) return `enable the plugin "${name}", which is switched off`;
  return `the plugin "${name}" ${state === 'off' ? 'was switched off' : 'cannot be used'}: ${why?.message ?? 'nothing is known of it'}`;
}
