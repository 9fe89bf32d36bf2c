import { describe, expect, it } from 'vitest';
import { isPressed, keysShown } from '../../../client/editor/keys.ts';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}, code = ''): Parameters<typeof isPressed>[1] => ({ key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe('a combination of keys', () => {
  it.each([
    ['Mod+Z', pressed('z', { ctrlKey: true }), true],
    ['Mod+Z', pressed('z', { metaKey: true }), true],
    ['Mod+Z', pressed('Z', { ctrlKey: true, shiftKey: true }), false],
    ['Mod+Shift+Z', pressed('Z', { ctrlKey: true, shiftKey: true }), true],
    ['M', pressed('m'), true],
    ['M', pressed('m', { ctrlKey: true }), false],
    ['?', pressed('?', { shiftKey: true }), true],
    ['+', pressed('+', { shiftKey: true }), true],
    ['+', pressed('='), false],
    ['Alt+A', pressed('å', { altKey: true }, 'KeyA'), true],
    ['Alt+ArrowLeft', pressed('ArrowLeft', { altKey: true }), true],
    ['ArrowLeft', pressed('ArrowLeft', { shiftKey: true }), false],
  ])('%s', (keys, event, is) => {
    expect(isPressed(keys, event)).toBe(is);
  });

  it('is told as it stands on the keyboard', () => {
    expect(keysShown('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(keysShown('Mod+Shift+Z', true)).toBe('⌘⇧Z');
    expect(keysShown('Alt+ArrowUp', false)).toBe('Alt+↑');
    expect(keysShown('+', false)).toBe('+');
  });
});
