import type { MountControl } from 'stillroom/sdk';

/** A number that nobody has a wish for: a button that takes the next one, and one back. */
const mount: MountControl = (root, host) => {
  root.style.cssText = 'display: flex; gap: 6px; align-items: center; padding: 2px';
  let value = 0;
  const button = (label: string, by: number): HTMLButtonElement => {
    const made = root.appendChild(document.createElement('button'));
    made.textContent = label;
    made.style.cssText = 'font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 2px 8px';
    made.onclick = () => host.change(Math.max(0, value + by));
    return made;
  };
  const before = button('Back', -1);
  const number = root.appendChild(document.createElement('output'));
  button('Draw again', 1);
  return {
    show(input) {
      value = Number(input.value);
      number.textContent = String(value);
      before.disabled = value === 0;
    },
  };
};
export default mount;
