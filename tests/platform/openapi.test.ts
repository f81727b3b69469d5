import './settings.ts';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { endpoint } from '#platform/endpoint.ts';
import { requireUser } from '#platform/guards.ts';
import { openApi } from '#platform/http/openapi.ts';

const book = endpoint({
  summary: 'Book a seat.',
  input: z.object({ id: z.uuid(), note: z.string().max(200).optional() }),
  output: z.object({ seat: z.number() }),
  who: requireUser,
  limit: 'booking',
  idempotent: true,
  act: () => ({ seat: 1 }),
  status: 201,
});
const list = endpoint({
  input: z.object({ limit: z.coerce.number().max(200).optional() }),
  limit: 'read',
  act: () => [],
});
const hook = endpoint({ limit: 'machine', body: 'raw', act: () => null });

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const document: any = openApi(
  [
    ['/api/seats/[id]', { POST: book, prerender: false }],
    ['/api/seats', { GET: list }],
    ['/api/hooks', { POST: hook, helper: () => 1 }],
  ],
  'https://studio.example',
);

test('every endpoint is in the document, sorted, and nothing else', () => {
  expect(Object.keys(document.paths)).toEqual(['/api/hooks', '/api/seats', '/api/seats/{id}']);
  expect(Object.keys(document.paths['/api/hooks'])).toEqual(['post']);
});

test('a command says what it takes, what it answers, that it needs a key and somebody signed in', () => {
  const post = document.paths['/api/seats/{id}'].post;
  expect(post.summary).toBe('Book a seat.');
  expect(post.parameters.map(({ name }: { name: string }) => name)).toEqual(['id', 'Idempotency-Key']);
  expect(post.requestBody.content['application/json'].schema.properties.note).toMatchObject({
    type: 'string',
    maxLength: 200,
  });
  expect(post.responses[201].content['application/json'].schema.properties.data.properties).toHaveProperty(
    'seat',
  );
  expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['401', '409', '422', '429', '503']));
  expect(post.security).toEqual([{ session: [] }]);
});

test('a read says what its query may hold, and that anybody may ask', () => {
  const get = document.paths['/api/seats'].get;
  expect(get.parameters).toMatchObject([{ name: 'limit', in: 'query', required: false }]);
  expect(get.security).toBeUndefined();
  expect(Object.keys(get.responses)).not.toContain('415');
});
