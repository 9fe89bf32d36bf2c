import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'weights', title: 'fitted weights', colour: { light: '#5b6670', dark: '#aab4bd' }, mark: 'cross', preview: 'none' },
];
