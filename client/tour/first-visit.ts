import { call } from '../state/call.ts';

const store = 'stillroom.tour';

/** Whether the tour was taken or put away in this browser. */
export const isTourOver = (): boolean => localStorage.getItem(store) !== null;
export const endTour = (): void => localStorage.setItem(store, 'over');

/** Makes a graph of the default template, to show around in; where it is. */
export async function beginTour(): Promise<string> {
  const { templates } = await call<{ templates: { id: string }[] }>('GET', '/templates');
  const { id } = await call<{ id: string }>('POST', '/graphs', { template: templates[0]!.id, by: 'the editor' });
  return `/graphs/${id}?tour`;
}

/** Where somebody is led who comes for the first time, and to a server without graphs; null for all others. */
export async function firstPlace(): Promise<string | null> {
  if (isTourOver()) return null;
  try {
    const { total } = await call<{ total: number }>('GET', '/graphs?limit=1');
    return total === 0 ? await beginTour() : null;
  } catch {
    // Home tells what is the matter.
    return null;
  }
}
