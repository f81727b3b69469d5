import { expect, test } from 'vitest';
import { keptHtml } from '#site/kept-html.ts';

function counted(html = '<li>') {
  let times = 0;
  return { render: async () => `${html}${++times}`, times: () => times };
}

test('what everybody is shown is rendered once, however many ask at once', async () => {
  const { render, times } = counted();
  const row = {};
  expect(await Promise.all([1, 2, 3].map(() => keptHtml(row, 'en', render)))).toEqual([
    '<li>1',
    '<li>1',
    '<li>1',
  ]);
  expect(times()).toBe(1);
});

test('another language, and another object with the same in it, are rendered for themselves', async () => {
  const { render } = counted();
  const row = { id: 1 };
  expect([await keptHtml(row, 'en', render), await keptHtml(row, 'es', render)]).toEqual(['<li>1', '<li>2']);
  expect(await keptHtml({ ...row }, 'en', render)).toBe('<li>3');
});

test('what failed, and what brings a script, is not kept', async () => {
  const row = {};
  await expect(keptHtml(row, 'en', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const { render } = counted('<script>');
  expect([await keptHtml(row, 'en', render), await keptHtml(row, 'en', render)]).toEqual([
    '<script>1',
    '<script>2',
  ]);
});

test('somebody who asks under ever new addresses does not fill the memory', async () => {
  const { render, times } = counted();
  const row = {};
  for (let n = 0; n <= 100; n++) await keptHtml(row, `${n}`, render);
  await keptHtml(row, '100', render);
  expect(times()).toBe(101);
  await keptHtml(row, '0', render);
  expect(times()).toBe(102);
});
