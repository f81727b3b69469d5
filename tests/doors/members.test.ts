import { describe, expect, test } from 'vitest';
import { barberia, lotus, sql } from '../world.ts';
import { aBuyer, flashOf, wordsOf } from './buyer.ts';

describe('a family', () => {
  test('is kept by one account: added, changed and taken off without a script', async () => {
    const { visitor } = await aBuyer('parent');
    const added = await visitor.submit(
      '/api/members/people',
      { name: 'Lua Parent', birthday: '2017-05-06' },
      '/account/family',
    );
    expect([added.status, added.to]).toEqual([303, '/account/family']);
    const page = await visitor.get('/account/family');
    expect(flashOf(page)).toBe('Added. You can book for them from now on.');
    expect(wordsOf(page)).toContain('Lua Parent Born 6 May 2017');
    const { data } = (await visitor.get('/api/members/people', {})).json;
    expect(data).toMatchObject([
      { is_me: true },
      { name: 'Lua Parent', is_me: false, birthday: '2017-05-06' },
    ]);
    const { person_id } = data[1];
    await visitor.submit(
      `/api/members/people/${person_id}`,
      { name: 'Luna Parent', birthday: '' },
      `/account/family/${person_id}`,
    );
    expect(wordsOf(await visitor.get(`/account/family/${person_id}`))).toContain('Luna Parent');
    await visitor.submit(`/api/members/people/${person_id}/remove`, {}, `/account/family/${person_id}`);
    expect((await visitor.get('/api/members/people', {})).json.data).toHaveLength(1);
    expect((await visitor.get(`/account/family/${person_id}`)).status).toBe(404);
  });

  test('is nobody else’s to see or change', async () => {
    const [{ visitor: parent }, { visitor: stranger }] = await Promise.all([aBuyer('own'), aBuyer('other')]);
    const made = await parent.call('/api/members/people', { name: 'Mine' });
    expect(made.status).toBe(201);
    const { person_id } = made.json.data;
    expect((await stranger.get(`/account/family/${person_id}`)).status).toBe(404);
    const change = await stranger.call(`/api/members/people/${person_id}`, { name: 'Yours' });
    expect([change.status, change.json.code]).toEqual([404, 'person_not_found']);
    const removal = await stranger.call(`/api/members/people/${person_id}/remove`, {});
    expect([removal.status, removal.json.code]).toEqual([404, 'person_not_found']);
  });

  test('is refused what makes no sense, beside its field', async () => {
    const { visitor } = await aBuyer('careless');
    const add = (fields: Record<string, string>) =>
      visitor.submit('/api/members/people', fields, '/account/family');
    await add({ name: 'Only Once' });
    const twice = await add({ name: 'only once' });
    expect([twice.status, wordsOf(twice)]).toEqual([
      409,
      expect.stringContaining('Somebody of this name is on your account already.'),
    ]);
    const unborn = await add({ name: 'Unborn', birthday: '2999-01-01' });
    expect([unborn.status, wordsOf(unborn)]).toEqual([
      422,
      expect.stringContaining('Please give a day that has been.'),
    ]);
    expect((await add({ name: '', birthday: 'soon' })).status).toBe(422);
  });

  test('cannot be had at a business one is on another account of, nor across businesses', async () => {
    const { id } = await aBuyer('split');
    const guardian = await sql<{ id: string }>(
      `insert into members.members (business_id, user_id, name, email) values ($1, $2, 'Split', 'split@example.test') returning id`,
      [barberia, id],
    );
    await expect(
      sql(
        `insert into members.members (business_id, guardian_id, name, email) values ($1, $2, 'Child', 'x@example.test')`,
        [lotus, guardian[0]?.id],
      ),
    ).rejects.toThrow(/foreign key/);
  });
});
