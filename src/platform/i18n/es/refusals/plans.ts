import type { plans as source } from '../../en/refusals/plans.ts';

export const plans: typeof source = {};
