import { mount } from 'svelte';
import { wanted } from './graph.ts';
import XyFlow from './XyFlow.svelte';

mount(XyFlow, { target: document.getElementById('app')!, props: { wanted: await wanted() } });
