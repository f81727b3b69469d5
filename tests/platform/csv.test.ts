import { expect, test } from 'vitest';
import { csv } from '#platform/http/csv.ts';

test('a table is a file that spreadsheets read, and run nothing of', async () => {
  const answer = csv(
    'people',
    ['Name', 'Phone'],
    [
      ['Ada "the first"', '+34 600 555'],
      ['=1+1', '-5'],
      ['@cmd, really', null],
      ['two\nlines', 12],
    ],
  );
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="people.csv"');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(bytes)).toBe(
    'Name,Phone\r\n"Ada ""the first""",+34 600 555\r\n\'=1+1,-5\r\n"\'@cmd, really",\r\n"two\nlines",12\r\n',
  );
});
