import type { desk as source } from '../en/desk.ts';

export const desk: typeof source = {};
