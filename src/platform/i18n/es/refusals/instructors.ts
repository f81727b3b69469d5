import type { instructors as source } from '../../en/refusals/instructors.ts';

export const instructors: typeof source = {};
