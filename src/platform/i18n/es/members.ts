import type { members as source } from '../en/members.ts';

export const members: typeof source = {};
