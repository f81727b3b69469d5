import type { refusals as source } from '../en/refusals.ts';

export const refusals: typeof source = {};
