import { expect, test } from 'vitest';
import {
  acceptInvitation,
  invitationForToken,
  inviteStaff,
  openInvitations,
  revokeInvitation,
} from '#business/invitations.ts';
import { endStaff, staffList } from '#business/staff.ts';
import { businessForHost } from '#business/businesses.ts';
import { myProfile, updateProfile } from '#members/profiles.ts';
import type { Db } from '#platform/supabase.ts';

/** A database that answers `data` or refuses, and remembers what it was asked. */
function answering(data: unknown, refusal?: [code: string, name: string]) {
  const asked: unknown[][] = [];
  const error = refusal ? { code: refusal[0], message: refusal[1], details: null, hint: null } : null;
  const db = {
    rpc: (...call: unknown[]) => {
      asked.push(call);
      const answer = Promise.resolve({ data: error ? null : data, error });
      return Object.assign(answer, { abortSignal: () => answer });
    },
  } as unknown as Db;
  return { db, asked };
}

test('each command is one call of the database, with the business it is about', async () => {
  const { db, asked } = answering(null);
  await inviteStaff(db, 'b', { email: 'a@x.example', role: 'barista' });
  await revokeInvitation(db, 'b', 'i');
  await acceptInvitation(db, 'b', 't');
  await endStaff(db, 'b', 's');
  await updateProfile(db, 'b', { name: 'Ana', phone: '', locale: 'es' });
  expect(asked.map(([name]) => name)).toEqual([
    'invite_staff',
    'revoke_invitation',
    'accept_invitation',
    'end_staff',
    'update_profile',
  ]);
  for (const [, args] of asked) expect(args).toMatchObject({ business_id: 'b' });
});

test('a no of the database comes back as a value', async () => {
  const no = () => answering(null, ['PT403', 'not_your_role']).db;
  const answers = await Promise.all([
    staffList(no(), 'b'),
    openInvitations(no(), 'b'),
    inviteStaff(no(), 'b', { email: 'a@x.example', role: 'owner' }),
    revokeInvitation(no(), 'b', 'i'),
    acceptInvitation(no(), 'b', 't'),
    endStaff(no(), 'b', 's'),
    updateProfile(no(), 'b', { name: '', phone: '', locale: 'en' }),
  ]);
  for (const refused of answers) expect(refused).toMatchObject({ name: 'not_your_role', status: 403 });
});

test('what is done is answered with what it was done to', async () => {
  expect(await inviteStaff(answering('i').db, 'b', { email: 'a@x.example', role: 'barista' })).toEqual({
    invitation_id: 'i',
  });
  expect(await revokeInvitation(answering(null).db, 'b', 'i')).toEqual({ revoked: 'i' });
  expect(await acceptInvitation(answering('barista').db, 'b', 't')).toEqual({ role: 'barista' });
  expect(await endStaff(answering(null).db, 'b', 's')).toEqual({ ended: 's' });
  expect(await updateProfile(answering('m').db, 'b', { name: 'Ana', phone: '', locale: 'en' })).toEqual({
    member_id: 'm',
  });
});

test('what is not there is null', async () => {
  expect(await invitationForToken(answering([]).db, 'b', 't')).toBeNull();
  expect(await myProfile(answering([]).db, 'b')).toBeNull();
  expect(await businessForHost(answering([]).db, 'nowhere')).toBeNull();
});
