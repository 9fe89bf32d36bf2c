import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'loss', title: 'loss', colour: { light: '#b3261e', dark: '#ff8a80' }, mark: 'triangle', preview: 'number' },
];
