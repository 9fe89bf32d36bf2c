import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'map', title: 'anomaly map', colour: { light: '#b45309', dark: '#f0a860' }, mark: 'diamond', preview: 'map' },
  { type: 'score', title: 'anomaly score', colour: { light: '#a3307c', dark: '#e58cc4' }, mark: 'circle', preview: 'number' },
];
