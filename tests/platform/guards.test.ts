import { expect, test } from 'vitest';
import {
  type StaffRole,
  type Viewer,
  freshly,
  holdsRole,
  requireMember,
  requireStaff,
  requireUser,
  staffRoles,
} from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';

interface Person {
  signedIn?: boolean;
  memberId?: string | null;
  roles?: StaffRole[];
  /** What auth says when asked about the session. */
  standing?: boolean;
}

function asking({ signedIn = true, memberId = 'm1', roles = [], standing = true }: Person) {
  const calls: string[] = [];
  const viewer: Viewer = {
    user_id: 'u1',
    member_id: memberId,
    name: 'Ana',
    email: 'a@x.example',
    locale: 'en',
    roles,
    cart_count: 0,
    unread: 0,
    marks: [],
  };
  const locals = {
    user: signedIn ? { id: 'u1', email: 'a@x.example' } : null,
    business: { id: 'b1' },
    viewer: async () => viewer,
    db: {
      rpc: async (name: string) => {
        calls.push(name);
        return { data: 'm2', error: null };
      },
      auth: { getUser: async () => ({ data: { user: standing ? { id: 'u1' } : null }, error: null }) },
    },
  } as unknown as App.Locals;
  return { locals, calls };
}

test('somebody who is not signed in is asked to', async () => {
  expect(await requireUser(asking({ signedIn: false }))).toMatchObject({
    name: 'sign_in_first',
    status: 401,
  });
  expect(await requireStaff('instructor')(asking({ signedIn: false }))).toMatchObject({ status: 401 });
});

test('who is a member already costs no further question', async () => {
  const ana = asking({});
  expect(await requireMember(ana)).toMatchObject({ member_id: 'm1', user_id: 'u1' });
  expect(ana.calls).toEqual([]);
});

test('the first dealing with a business makes somebody its member', async () => {
  const ana = asking({ memberId: null });
  expect(await requireMember(ana)).toMatchObject({ member_id: 'm2' });
  expect(ana.calls).toEqual(['become_member']);
});

test('each role may do what it is for and what it outranks, and nothing else', () => {
  const may = Object.fromEntries(
    staffRoles.map((held) => [held, staffRoles.filter((role) => holdsRole([held], role))]),
  );
  expect(may).toEqual({
    owner: ['owner', 'manager', 'front_desk', 'barista', 'instructor'],
    manager: ['manager', 'front_desk', 'barista', 'instructor'],
    front_desk: ['front_desk', 'instructor'],
    barista: ['barista', 'instructor'],
    instructor: ['instructor'],
  });
  expect(holdsRole([], 'instructor')).toBe(false);
});

test('a barista who asks for what a manager may is refused, and is told which role it takes', async () => {
  const refused = await requireStaff('manager')(asking({ roles: ['barista'] }));
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused).toMatchObject({ name: 'not_your_role', status: 403, details: { role: 'manager' } });
  expect(await requireStaff('manager')(asking({ roles: ['barista', 'owner'] }))).toMatchObject({
    user_id: 'u1',
  });
});

test('a session that was revoked a moment ago does not count where it matters', async () => {
  expect(await freshly(requireUser)(asking({ standing: false }))).toMatchObject({ status: 401 });
  expect(await freshly(requireUser)(asking({}))).toMatchObject({ user_id: 'u1' });
});
