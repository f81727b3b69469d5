import type { progress as source } from '../../en/refusals/progress.ts';

export const progress: typeof source = {};
