import type { schedule as source } from '../../en/refusals/schedule.ts';

export const schedule: typeof source = {};
