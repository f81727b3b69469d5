import type { schedule as source } from '../en/schedule.ts';

export const schedule: typeof source = {};
