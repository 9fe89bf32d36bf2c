import type { GraphView } from './graph-view.ts';

/**
 * A mouse's wheel zooms, two fingers on a trackpad move the view and pinching zooms. The browser does not say which of
 * the two it is: a wheel turns in notches, straight up or down.
 */
export function turnWheel(view: GraphView, event: WheelEvent): void {
  event.preventDefault();
  event.stopPropagation();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
  const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
  const isNotch = event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || (dx === 0 && Math.abs(dy) >= 50 && Number.isInteger(dy));
  const at = { x: event.clientX, y: event.clientY };
  if (event.ctrlKey && !isNotch) void view.zoomBy(Math.exp(-dy * 0.01), at);
  else if (event.shiftKey) void view.panBy({ x: -(dx || dy), y: 0 });
  else if (isNotch) void view.zoomBy(Math.exp(-Math.sign(dy) * Math.min(Math.abs(dy), 120) * 0.0015), at);
  else void view.panBy({ x: -dx, y: -dy });
}
