import { createContext } from 'svelte';
import type { Editing } from './editing.svelte.ts';

/** The graph that is being edited, for every part of the page that edits it. */
export const [getEditing, setEditing] = createContext<Editing>();
