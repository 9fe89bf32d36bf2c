import type { SocketTypeDefinition } from '../sdk/index.ts';

export const socketTypes: readonly SocketTypeDefinition[] = [
  { type: 'dataset', title: 'dataset', colour: { light: '#6b5b95', dark: '#b3a4e0' }, mark: 'drum', preview: 'none' },
  { type: 'images', title: 'images', colour: { light: '#2f6fb7', dark: '#7fb2ec' }, mark: 'square', preview: 'image' },
];
