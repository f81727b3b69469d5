import { expect, test } from 'vitest';
import { fieldsOf, readFields } from '#platform/http/body.ts';
import { Refusal } from '#platform/refusals.ts';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

const request = (body: RequestInit['body'], type?: string) =>
  new Request('http://localhost/', {
    method: 'POST',
    body: body ?? null,
    duplex: 'half',
    headers: type ? { 'content-type': type } : {},
  } as RequestInit);

const status = async (body: RequestInit['body'], type?: string, limit = 1000) => {
  const read = await readFields(request(body, type), limit);
  return read instanceof Refusal ? read.status : read;
};

test('JSON and forms give the same fields', async () => {
  expect(await status('{"a":"1","b":["2","3"]}', json)).toEqual({ a: '1', b: ['2', '3'] });
  expect(await status('a=1&b=2&b=3', form)).toEqual({ a: '1', b: ['2', '3'] });
});

test('a charset after the content type does no harm', async () => {
  expect(await status('{}', 'application/json; charset=utf-8')).toEqual({});
});

test('another content type is refused with 415, as is a body without one', async () => {
  expect(await status('<a/>', 'application/xml')).toBe(415);
  expect(await status(new Blob(['hello']), undefined)).toBe(415);
  expect(await status('--x--', 'multipart/form-data; boundary=x')).toBe(415);
});

test.each(['{', '"text"', '[]', 'null', '{"a":1}}'])(
  '%s is not a JSON object, which is 400',
  async (body) => {
    expect(await status(body, json)).toBe(400);
  },
);

test('text that is not UTF-8 is refused, not mended', async () => {
  expect(await status(new Uint8Array([0x7b, 0xff, 0x7d]), json)).toBe(400);
});

test('a body that is too big is refused whether or not it says how long it is', async () => {
  expect(await status('x'.repeat(1001), json)).toBe(413);
  const chunks = Array.from({ length: 50 }, () => new Uint8Array(100));
  const untold = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.pop();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
  expect(await status(untold, json)).toBe(413);
  // What was still on its way is taken and thrown away, so that the sender can read the answer.
  expect(chunks).toEqual([]);
});

test('nothing sent is no fields', async () => expect(await status(null)).toEqual({}));

test('a file may come where files are asked for', async () => {
  const data = new FormData();
  data.set('note', 'hello');
  const read = await readFields(new Request('http://localhost/', { method: 'POST', body: data }), 1000, true);
  expect(read).toMatchObject({ note: 'hello' });
});

test('a field called __proto__ is a field like any other', () => {
  const fields = fieldsOf([['__proto__', 'x']]);
  expect(Object.keys(fields)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});
