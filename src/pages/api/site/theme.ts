/** Keeps the visitor's choice of colours for a year and goes back to the page it was made on. */
import { z } from 'zod';
import { config } from '#platform/config.ts';
import { endpoint } from '#platform/endpoint.ts';
import { ownPath } from '#platform/http/origin.ts';

const year = 365 * 24 * 60 * 60; // seconds

export const POST = endpoint({
  summary: 'Choose light, dark or the device’s colours',
  input: z.object({ theme: z.enum(['light', 'dark', 'auto']), back: z.string().max(2000).optional() }),
  limit: 'write',
  act: ({ input, context: { cookies } }) => {
    const options = { path: '/', sameSite: 'lax', httpOnly: true, secure: config.secure } as const;
    if (input.theme === 'auto') cookies.delete('theme', options);
    else cookies.set('theme', input.theme, { ...options, maxAge: year });
    return { theme: input.theme, back: ownPath(input.back) ?? '/' };
  },
  form: { done: ({ back }) => back },
});
