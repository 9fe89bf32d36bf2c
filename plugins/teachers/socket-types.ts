import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'features', title: 'features', colour: { light: '#0b7d72', dark: '#58c9bb' }, mark: 'hexagon', preview: 'features' },
];
