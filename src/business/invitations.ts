/** The only way to a role: an invitation by e-mail, answered by the person it was written to. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { StaffRole } from '#platform/guards.ts';
import type { Db } from '#platform/supabase.ts';

export interface Invitation {
  invitation_id: string;
  email: string;
  role: StaffRole;
  created_at: string;
  expires_at: string;
}

/** What the holder of the link may know before signing in. */
export interface InvitationForToken {
  invitation_id: string;
  email: string;
  role: StaffRole;
  expires_at: string;
  state: 'open' | 'accepted' | 'revoked' | 'expired';
}

/** Open ones, newest first. For managers; refuses 403 `not_your_role`. */
export const openInvitations = async (db: Db, businessId: string): Promise<Invitation[] | Refusal> =>
  answer(await db.rpc('invitations', { business_id: businessId }, { get: true })) as Invitation[] | Refusal;

/**
 * Writes to `email`. Managers invite to roles up to their own; an older open invitation to the same role ends. Refuses
 * 403 `not_your_role`, 409 `already_staff`, 422 `email_invalid`, `role_unknown`.
 */
export async function inviteStaff(
  db: Db,
  businessId: string,
  input: { email: string; role: StaffRole },
): Promise<{ invitation_id: string } | Refusal> {
  const id = answer(await db.rpc('invite_staff', { business_id: businessId, ...input }));
  return isRefused(id) ? id : { invitation_id: id };
}

/** Refuses 404 `invitation_not_found` for one that is answered, over, or above the asker's own role. */
export async function revokeInvitation(
  db: Db,
  businessId: string,
  invitationId: string,
): Promise<{ revoked: string } | Refusal> {
  const result = answer(
    await db.rpc('revoke_invitation', { business_id: businessId, invitation_id: invitationId }),
  );
  return (result as Refusal | null) ?? { revoked: invitationId };
}

/** Null when there is no such invitation at this business. */
export async function invitationForToken(
  db: Db,
  businessId: string,
  token: string,
): Promise<InvitationForToken | null> {
  const rows = readAnswer(await db.rpc('invitation_for_token', { business_id: businessId, token }));
  return (rows as InvitationForToken[])[0] ?? null;
}

/**
 * Gives the asker the role. Refuses 403 `invitation_for_someone_else`, 404 `invitation_not_found`, 409
 * `invitation_used`, 410 `invitation_expired`.
 */
export async function acceptInvitation(
  db: Db,
  businessId: string,
  token: string,
): Promise<{ role: StaffRole } | Refusal> {
  const role = answer(await db.rpc('accept_invitation', { business_id: businessId, token }));
  return isRefused(role) ? role : { role: role as StaffRole };
}
