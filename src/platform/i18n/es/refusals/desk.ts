import type { desk as source } from '../../en/refusals/desk.ts';

export const desk: typeof source = {};
