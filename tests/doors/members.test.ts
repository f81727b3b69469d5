import { describe, expect, inject, test } from 'vitest';
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

describe('what members tell', () => {
  test('is kept as they say it: pronouns, birthday, whom to call', async () => {
    const { visitor } = await aBuyer('telling');
    const you = {
      name: 'Telling Example',
      phone: '',
      locale: 'en',
      birthday: '1988-02-03',
      pronouns: 'they/them',
    };
    expect((await visitor.submit('/api/members/profile', you, '/account/profile')).status).toBe(303);
    // A program that knows nothing of these leaves them alone.
    await visitor.call('/api/members/profile', { name: 'Telling Example', phone: '1', locale: 'en' });
    const contact = { contact_name: 'Nora', contact_phone: '+34 600 1', relation: 'friend' };
    await visitor.submit('/api/members/emergency-contact', contact, '/account/profile');
    expect((await visitor.get('/api/members/profile', {})).json.data).toMatchObject({
      birthday: '1988-02-03',
      pronouns: 'they/them',
      emergency_name: 'Nora',
      emergency_relation: 'friend',
    });
    const half = await visitor.submit(
      '/api/members/emergency-contact',
      { contact_name: 'Nora', contact_phone: '', relation: '' },
      '/account/profile',
    );
    expect([half.status, wordsOf(half)]).toEqual([
      422,
      expect.stringContaining('A contact needs a name and a phone number.'),
    ]);
    await visitor.submit('/api/members/profile', { ...you, birthday: '', pronouns: '' }, '/account/profile');
    expect((await visitor.get('/api/members/profile', {})).json.data).toMatchObject({
      birthday: null,
      pronouns: '',
    });
  });

  test('about their health is kept only with a yes, and gone when the yes is', async () => {
    const { visitor } = await aBuyer('healthy');
    const say = (fields: Record<string, string>) =>
      visitor.submit('/api/members/health-note', fields, '/account/profile');
    const refused = await say({ note: 'Back' });
    expect([refused.status, wordsOf(refused)]).toEqual([
      422,
      expect.stringContaining('only if you agree that your teachers read it'),
    ]);
    expect((await say({ note: 'Back', consent: 'yes' })).status).toBe(303);
    const kept = await visitor.get('/account/profile');
    expect([flashOf(kept), kept.text]).toEqual([
      'Saved. Your teachers will see it.',
      expect.stringContaining('>Back</textarea>'),
    ]);
    expect((await say({ note: '', consent: 'yes' })).status).toBe(303);
    expect((await visitor.get('/api/members/profile', {})).json.data.health_note).toBeNull();
  });

  test('about a child is kept beside the child, and nobody tells about another’s', async () => {
    const [{ visitor: parent }, { visitor: stranger }] = await Promise.all([aBuyer('mum'), aBuyer('nosy')]);
    const { person_id } = (await parent.call('/api/members/people', { name: 'Kid' })).json.data;
    const told = await parent.submit(
      '/api/members/health-note',
      { person_id, note: 'Asthma spray in the bag', consent: 'yes' },
      `/account/family/${person_id}`,
    );
    expect([told.status, told.to]).toEqual([303, `/account/family/${person_id}`]);
    expect((await parent.get(`/account/family/${person_id}`)).text).toContain('Asthma spray in the bag');
    const refused = await stranger.call('/api/members/health-note', { person_id, note: 'No', consent: true });
    expect([refused.status, refused.json.code]).toEqual([404, 'person_not_found']);
  });

  test('of how they may be reached is kept word by word, and the latest counts', async () => {
    const { visitor, id } = await aBuyer('reachable');
    const given = async () =>
      ((await visitor.get('/api/members/consents', {})).json.data as Record<string, unknown>[])
        .filter((consent) => consent.given)
        .map(({ channel, purpose }) => `${String(channel)}:${String(purpose)}`);
    expect(await given()).toEqual(['email:service']);
    const twice = await visitor.call('/api/members/consents', { given: ['sms:service', 'email:marketing'] });
    expect([twice.status, twice.json.data.changed]).toEqual([200, 3]);
    expect(await given()).toEqual(['email:marketing', 'sms:service']);
    await visitor.submit('/api/members/consents', { given: 'email:service' }, '/account/profile');
    expect(await given()).toEqual(['email:service']);
    const [rows] = await sql<{ n: number }>(
      'select count(*)::int as n from members.consents c join members.members m on m.id = c.member_id where m.user_id = $1',
      [id],
    );
    expect(rows?.n).toBe(6);
    expect((await visitor.call('/api/members/consents', { given: ['fax:service'] })).status).toBe(422);
  });
});

describe('the waiver', () => {
  test('asks for a signature until it has one, for the whole family at once', async () => {
    const { visitor } = await aBuyer('signing');
    const { person_id: kid } = (await visitor.call('/api/members/people', { name: 'Small' })).json.data;
    expect(wordsOf(await visitor.get('/account'))).toContain('our waiver wants your signature');
    const page = await visitor.get('/account/waiver');
    const { version } = (await visitor.get('/api/members/waiver', {})).json.data;
    expect(wordsOf(page)).toContain(`Version ${version}, of`);
    const me = (await visitor.get('/api/members/people', {})).json.data[0].person_id;
    const sign = (fields: string[][]) =>
      visitor.send('POST', '/api/members/waiver', new URLSearchParams(fields), {
        accept: 'text/html',
        origin: visitor.site,
        referer: `${visitor.site}/account/waiver`,
        'sec-fetch-site': 'same-origin',
      });
    const nameless = await sign([
      ['version', version],
      ['typed_name', 'x'],
      ['people', me],
    ]);
    expect([nameless.status, wordsOf(nameless)]).toEqual([
      422,
      expect.stringContaining('At least 3 characters.'),
    ]);
    const nobody = await sign([
      ['version', version],
      ['typed_name', 'Signing Person'],
    ]);
    expect(wordsOf(nobody)).toContain('Please choose whom you sign for.');
    const signed = await sign([
      ['version', version],
      ['typed_name', 'Signing Person'],
      ['people', me],
      ['people', kid],
    ]);
    expect([signed.status, signed.to]).toEqual([303, '/account/waiver']);
    expect(wordsOf(await visitor.get('/account/waiver'))).toContain('All signed');
    expect(wordsOf(await visitor.get('/account'))).not.toContain('our waiver wants');
    const [kept] = await sql<{ typed_name: string; address_hash: string }>(
      'select typed_name, address_hash from members.waiver_signatures where member_id = $1',
      [kid],
    );
    expect([kept?.typed_name, kept?.address_hash]).toEqual([
      'Signing Person',
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
  });

  test('of an older version, of somebody else, or of a house without one is not signed', async () => {
    const [{ visitor }, { visitor: parent }] = await Promise.all([aBuyer('late'), aBuyer('parent')]);
    const { person_id: leo } = (await parent.call('/api/members/people', { name: 'Leo' })).json.data;
    const me = (await visitor.get('/api/members/people', {})).json.data[0].person_id;
    const old = await visitor.call('/api/members/waiver', {
      version: 99,
      typed_name: 'Late Person',
      people: [me],
    });
    expect([old.status, old.json.code]).toEqual([409, 'waiver_outdated']);
    const other = await visitor.call('/api/members/waiver', {
      version: 1,
      typed_name: 'Late Person',
      people: [leo],
    });
    expect([other.status, other.json.code]).toEqual([404, 'person_not_found']);
    const elsewhere = await aBuyer('cliente', inject('stack').barberiaUrl);
    expect((await elsewhere.visitor.get('/api/members/waiver', {})).status).toBe(204);
    expect(wordsOf(await elsewhere.visitor.get('/account/waiver'))).toContain('Acá no hay nada que firmar');
  });
});
