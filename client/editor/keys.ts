const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether a key is pressed as `Mod+Shift+Z` says; `Mod` is ⌘ on Apple's and Ctrl elsewhere. Shift is left out where it is part of the sign, as of `?`. */
export function isPressed(keys: string, { key, code, ctrlKey, metaKey, shiftKey, altKey }: Pressed): boolean {
  const parts = partsOf(keys);
  const name = parts.pop()!;
  const isSign = name.length === 1 && !/[a-z0-9]/i.test(name);
  // With Alt a letter may be another sign.
  const isKey = key.toLowerCase() === name.toLowerCase() || (altKey && code === `Key${name}`);
  return isKey && parts.includes('Mod') === (ctrlKey || metaKey) && parts.includes('Alt') === altKey && (isSign || parts.includes('Shift') === shiftKey);
}

/** Of `Mod++` the last is the sign itself. */
const partsOf = (keys: string): string[] => (keys === '+' ? ['+'] : keys.split(/\+(?!$)/));

const signs: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ' ': 'Space' };
const apples: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };

/** As it stands on the keyboard: `Ctrl+Shift+Z`, `⌘⇧Z`. */
export function keysShown(keys: string, apple = isApple): string {
  const parts = partsOf(keys);
  const shown = parts.map((part) => (apple && apples[part]) || (part === 'Mod' ? 'Ctrl' : (signs[part] ?? part)));
  return shown.join(apple ? '' : '+');
}
