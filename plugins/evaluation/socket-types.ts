import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'report', title: 'report', colour: { light: '#55625e', dark: '#a3afab' }, mark: 'peak', preview: 'none' },
];
