import type { Point } from './geometry.ts';

/** Follows a pointer from where it came down until it is let go: by how far it has come, px of the canvas. Nobody else hears that it came down. */
export function followPointer(event: PointerEvent, scale: () => number, move: (by: Point) => void, end: (by: Point) => void): void {
  if (event.button !== 0) return;
  event.stopPropagation();
  const { clientX, clientY } = event;
  const by = (now: PointerEvent): Point => ({ x: Math.round((now.clientX - clientX) / scale()), y: Math.round((now.clientY - clientY) / scale()) });
  const onMove = (now: PointerEvent): void => move(by(now));
  const onUp = (now: PointerEvent): void => {
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', onUp);
    window.removeEventListener('pointercancel', onUp);
    end(by(now));
  };
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', onUp);
  window.addEventListener('pointercancel', onUp);
}
