/**
 * Who may. A guard returns the thing it requires, or the refusal; endpoints name one as `who`, pages call it and
 * hand a refusal to `turnAway`. The rows are guarded again in SQL.
 */
import { Refusal, answer, isRefused } from './refusals.ts';
import { throwIfAway } from './supabase.ts';

export const staffRoles = ['owner', 'manager', 'front_desk', 'barista', 'instructor'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Who is asking, at this business. `member_id` is null for somebody who has had no dealing with it yet. */
export interface Viewer {
  user_id: string | null;
  member_id: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  roles: StaffRole[];
  cart_count: number;
  /** What they were told and have not read; counted up to 100. */
  unread: number;
  /** What they have on the timetable, in its words, where a page asked for it (`locals.viewer(stretch)`). */
  marks: { session_id: string }[];
}

export type SignedIn = Viewer & { user_id: string; email: string };
export type Member = SignedIn & { member_id: string };

type Asking = { locals: App.Locals };
export type Guard<W> = (asking: Asking) => Promise<W | Refusal>;

// As business.rank in SQL: instructor < front_desk, barista < manager < owner.
const rank: Record<StaffRole, number> = { instructor: 1, front_desk: 2, barista: 2, manager: 3, owner: 4 };

/** Whether somebody with `roles` may do what asks for `role`. */
export const holdsRole = (roles: readonly StaffRole[], role: StaffRole): boolean =>
  roles.some((held) => held === role || rank[held] > rank[role]);

export const anyone: Guard<null> = async () => null;

/** Signed in, member of this business or not. */
export const requireUser: Guard<SignedIn> = async ({ locals }) => {
  if (!locals.user) return new Refusal('sign_in_first', 401);
  const viewer = await locals.viewer();
  return { ...viewer, user_id: locals.user.id, email: locals.user.email };
};

/** Signed in, and a member of this business: the first time somebody deals with it makes them one. */
export const requireMember: Guard<Member> = async (asking) => {
  const viewer = await requireUser(asking);
  if (isRefused(viewer)) return viewer;
  if (viewer.member_id) return { ...viewer, member_id: viewer.member_id };
  const { business, db } = asking.locals;
  const member_id = answer(await db.rpc('become_member', { business_id: business.id }));
  return isRefused(member_id) ? member_id : { ...viewer, member_id };
};

/** On the staff of this business with `role` or one that outranks it. */
export const requireStaff =
  (role: StaffRole): Guard<SignedIn> =>
  async (asking) => {
    const viewer = await requireUser(asking);
    if (isRefused(viewer)) return viewer;
    return holdsRole(viewer.roles, role) ? viewer : new Refusal('not_your_role', 403, { role });
  };

/** On the staff of this business, at the desk or the bar (or above). */
export const requireCounter: Guard<SignedIn> = async (asking) => {
  const viewer = await requireUser(asking);
  if (isRefused(viewer)) return viewer;
  const counter = holdsRole(viewer.roles, 'front_desk') || holdsRole(viewer.roles, 'barista');
  return counter ? viewer : new Refusal('not_your_role', 403, { role: 'front_desk' });
};

/**
 * As `guard`, after asking auth itself whether the session still stands: for passwords, refunds and admin, where a
 * session that was revoked a moment ago must not count until its token expires. Costs one more round trip.
 */
export function freshly<G extends Guard<unknown>>(guard: G): G {
  const sure: Guard<unknown> = async (asking) => {
    if (!asking.locals.user) return new Refusal('sign_in_first', 401);
    const { data, error } = await asking.locals.db.auth.getUser();
    throwIfAway(error);
    if (error || data.user?.id !== asking.locals.user.id) return new Refusal('sign_in_first', 401);
    return guard(asking);
  };
  return sure as G;
}
