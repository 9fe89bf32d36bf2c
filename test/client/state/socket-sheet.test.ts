import { describe, expect, it } from 'vitest';
import { socketRules, socketToken } from '../../../client/state/socket-sheet.ts';

describe('The rules that colour sockets', () => {
  it('give each type its token, in both themes, and the rule that takes it', () => {
    const rules = socketRules([{ type: '@acme/x/heat', title: 'heat', colour: { light: '#112233', dark: '#ddeeff' }, mark: 'peak' }]);
    expect(socketToken('@acme/x/heat')).toBe('--type--acme-x-heat');
    expect(rules.split('\n')).toEqual([
      ':root { --type--acme-x-heat: #112233; }',
      '@media (prefers-color-scheme: dark) { :root { --type--acme-x-heat: #ddeeff; } }',
      '[data-type="@acme/x/heat"] { --type: var(--type--acme-x-heat); }',
    ]);
  });
});
