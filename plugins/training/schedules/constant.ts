import { defineSchedule, type ScheduleSettings } from '../../sdk/index.ts';

export const constant = defineSchedule<ScheduleSettings & { kind: 'constant' }>({ name: 'constant', title: 'constant', example: { kind: 'constant' }, rate: (_settings, _memory, { base }) => base });
