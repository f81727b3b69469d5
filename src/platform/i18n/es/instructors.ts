import type { instructors as source } from '../en/instructors.ts';

export const instructors: typeof source = {};
