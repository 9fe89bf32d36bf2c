import { defineSchedule } from '../../sdk/index.ts';

export const constant = defineSchedule({ name: 'constant', title: 'constant', rate: (_settings, _memory, { base }) => base });
