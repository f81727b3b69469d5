import type { progress as source } from '../en/progress.ts';

export const progress: typeof source = {};
