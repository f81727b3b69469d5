import type { members as source } from '../../en/refusals/members.ts';

export const members: typeof source = {};
