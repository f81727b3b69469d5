import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Buyer, aColleague } from './buyer.ts';
import { Visitor, lettersTo, newMember, someEmail } from './visitor.ts';

const db = new pg.Pool({ connectionString: inject('stack').adminUrl, max: 2 });
afterAll(() => db.end());

const rolesOf = async (email: string): Promise<string[]> =>
  (
    await db.query(
      'select s.role from business.staff s join auth.users u on u.id = s.user_id where u.email = $1',
      [email],
    )
  ).rows.map(({ role }: { role: string }) => role);

describe('staff', () => {
  // Nobody of the seed: one account may sign in ten times a minute, and others sign in with those.
  let boss: Buyer;
  let owner: Visitor;
  beforeAll(async () => {
    boss = await aColleague('owner');
    owner = boss.visitor;
  });

  /** The secret in the invitation's link: from the outbox, or from the letter when that is sent already. */
  const invitationToken = async (email: string): Promise<string> => {
    const { rows } = await db.query(
      `select data ->> 'token' as token from messages.emails
       where to_address = $1 and template = 'staff_invitation' order by created_at desc limit 1`,
      [email],
    );
    if (rows[0]?.token) return rows[0].token as string;
    const letters = await lettersTo(email);
    const link = letters.flatMap(({ links }) => links).find((address) => address.includes('/invitations/'));
    return link?.split('/invitations/')[1] ?? '';
  };

  test('are invited by e-mail, and have the role once they have accepted', async () => {
    const { visitor, email } = await newMember('new-teacher');
    const invited = await owner.submit(
      '/api/business/invitations',
      { email, role: 'instructor' },
      '/admin/staff',
    );
    expect([invited.status, invited.to]).toEqual([303, '/admin/staff']);
    expect(await rolesOf(email)).toEqual([]);
    const token = await invitationToken(email);
    const page = await visitor.get(`/invitations/${token}`);
    expect(page.text).toContain('Lotus &amp; Bean invites you');
    const accepted = await visitor.submit(
      '/api/business/invitations/accept',
      { token },
      `/invitations/${token}`,
    );
    expect(accepted.status).toBe(303);
    expect(await rolesOf(email)).toEqual(['instructor']);
    expect((await owner.get('/admin/staff')).text).toContain(email);
    const again = await visitor.call('/api/business/invitations/accept', { token });
    expect([again.status, again.json.code]).toEqual([409, 'invitation_used']);
  });

  test('cannot take an invitation that was written to somebody else', async () => {
    const { visitor: thief } = await newMember('thief');
    const email = someEmail('invited');
    await owner.call('/api/business/invitations', { email, role: 'manager' });
    const refused = await thief.call('/api/business/invitations/accept', {
      token: await invitationToken(email),
    });
    expect([refused.status, refused.json.code]).toEqual([403, 'invitation_for_someone_else']);
  });

  test('cannot use an invitation that was taken back', async () => {
    const { visitor, email } = await newMember('uninvited');
    const made = await owner.call('/api/business/invitations', { email, role: 'barista' });
    expect(made.status).toBe(201);
    const token = await invitationToken(email);
    const { invitation_id } = made.json.data;
    expect((await owner.call('/api/business/invitations/revoke', { invitation_id })).status).toBe(200);
    expect((await visitor.call('/api/business/invitations/accept', { token })).json.code).toBe(
      'invitation_not_found',
    );
  });

  test('who are no managers see neither the list nor the invitations, and invite nobody', async () => {
    const { visitor: teacher } = await aColleague('instructor');
    expect((await teacher.get('/admin/staff')).status).toBe(403);
    expect((await teacher.get('/api/business/staff', {})).status).toBe(403);
    const refused = await teacher.call('/api/business/invitations', {
      email: someEmail(),
      role: 'instructor',
    });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });

  test('who manage cannot make an owner', async () => {
    const { visitor: manager } = await aColleague('manager');
    const refused = await manager.call('/api/business/invitations', { email: someEmail(), role: 'owner' });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });

  // That the last owner stays is proved where nobody else makes owners meanwhile: supabase/tests/05-staff.test.sql.
  test('lose a role when it ends', async () => {
    const { visitor, email } = await newMember('brief');
    await owner.call('/api/business/invitations', { email, role: 'manager' });
    await visitor.call('/api/business/invitations/accept', { token: await invitationToken(email) });
    expect((await visitor.get('/admin/staff')).status).toBe(200);
    const now = (await owner.get('/api/business/staff', {})).json.data as {
      staff_id: string;
      email: string;
    }[];
    await owner.call('/api/business/staff/end', {
      staff_id: now.find((person) => person.email === email)?.staff_id,
    });
    expect((await visitor.get('/admin/staff')).status).toBe(403);
  });

  test('of one business have no say in another', async () => {
    const there = new Visitor(inject('stack').barberiaUrl);
    await there.signIn(boss.email);
    const refused = await there.call('/api/business/invitations', { email: someEmail(), role: 'owner' });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });
});

describe('a member’s details', () => {
  test('are kept, and what does not fit is refused beside its field', async () => {
    const { visitor } = await newMember('details');
    const saved = await visitor.submit(
      '/api/members/profile',
      { name: 'Ada Lovelace', phone: '+34 600 000 000', locale: 'es' },
      '/account/profile',
    );
    expect([saved.status, saved.to]).toEqual([303, '/account/profile']);
    const mine = await visitor.get('/api/members/profile', {});
    expect(mine.json.data).toMatchObject({ name: 'Ada Lovelace', phone: '+34 600 000 000', locale: 'es' });
    const refused = await visitor.submit(
      '/api/members/profile',
      { name: '', phone: 'call me', locale: 'fr' },
      '/account/profile',
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Digits, spaces and + only.');
  });
});
