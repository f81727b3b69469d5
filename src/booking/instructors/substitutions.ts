/** Somebody cannot teach their class, and somebody else takes it. Who gets it is decided in SQL. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import { forgetTimetable } from '../timetable/timetable.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A class as substitution speaks of it. `instructor_name`: whose it is now. */
export interface ClassFacts {
  session_id: string;
  class_name: LocalisedText;
  starts_at: string;
  ends_at: string;
  room_name: string;
  instructor_name: string;
}

/** Why somebody should not take a class (`booking.teaching_problem`). */
export type TeachingProblem =
  'instructor_not_qualified' | 'instructor_away' | 'instructor_busy' | 'outside_hours';

export interface Candidate {
  instructor_id: string;
  name: string;
  can_be_told: boolean;
  preferred: boolean;
  problem: TeachingProblem | null;
}

/** A class that needs somebody, and who might. */
export interface ClassNeed extends ClassFacts {
  candidates: Candidate[];
}

export type RequestState = 'open' | 'accepted' | 'filled' | 'withdrawn' | 'lapsed';

/** A request as whoever asked sees it. */
export interface Asked extends ClassFacts {
  substitution_id: string;
  state: RequestState;
  reason: string;
  asked_at: string;
  /** From when everyone is asked; until then the preferred ones. */
  everyone_at: string;
  substitute_name: string | null;
  told: number;
  declined: number;
}

export type Request = Asked & ClassNeed;

/** A request as whoever might take it sees it. */
export interface Offer extends ClassFacts {
  substitution_id: string;
  instead_of: string;
  reason: string;
  asked_at: string;
  /** From when they may accept; null: now. */
  opens_at: string | null;
  preferred: boolean;
  problem: TeachingProblem | null;
  declined: boolean;
  /** They said yes, and a manager has yet to. */
  mine: boolean;
}

export interface Rules {
  head_start_hours: number;
  short_head_start_hours: number;
  needs_approval: boolean;
}

export interface SubstitutionAnswer {
  substitution_id: string;
  session_id?: string;
  state: RequestState | 'declined';
  /** How many were asked at once. */
  told?: number;
}

/** Whether it can be taken now by whom it is shown to. */
export const isTakeable = ({ problem, opens_at, mine }: Offer): boolean =>
  !mine && opens_at === null && (problem === null || problem === 'outside_hours');

export async function mySubstitutions(
  db: Db,
  businessId: string,
): Promise<{ instructor_id: string; offers: Offer[]; asked: Asked[] } | Refusal> {
  const got = answer(await db.rpc('my_substitutions', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as never);
}

const notThere = () => new Refusal('substitution_not_found', 404);

function told(got: unknown): SubstitutionAnswer | Refusal {
  if (isRefused(got)) return got;
  const outcome = got as SubstitutionAnswer;
  // Visitors see the new teacher at once.
  if (outcome.state === 'filled') forgetTimetable();
  return outcome;
}

/** Refuses 404 session_not_found, 409 session_cancelled, session_past, substitute_asked_before. */
export const askSubstitute = async (
  db: Db,
  businessId: string,
  input: { session_id: string; reason: string },
): Promise<SubstitutionAnswer | Refusal> =>
  told(answer(await db.rpc('ask_substitute', { business_id: businessId, ...input })));

/** The first one has it. Refuses what `api.accept_substitution` says. */
export const acceptSubstitution = async (
  db: Db,
  businessId: string,
  id: string,
): Promise<SubstitutionAnswer | Refusal> =>
  isId(id)
    ? told(answer(await db.rpc('accept_substitution', { business_id: businessId, substitution_id: id })))
    : notThere();

export const declineSubstitution = async (
  db: Db,
  businessId: string,
  id: string,
): Promise<SubstitutionAnswer | Refusal> =>
  isId(id)
    ? told(answer(await db.rpc('decline_substitution', { business_id: businessId, substitution_id: id })))
    : notThere();

export const withdrawSubstitution = async (
  db: Db,
  businessId: string,
  id: string,
): Promise<SubstitutionAnswer | Refusal> =>
  isId(id)
    ? told(answer(await db.rpc('withdraw_substitution', { business_id: businessId, substitution_id: id })))
    : notThere();

/** A manager's word on who volunteered. */
export const decideSubstitution = async (
  db: Db,
  businessId: string,
  id: string,
  approved: boolean,
): Promise<SubstitutionAnswer | Refusal> =>
  isId(id)
    ? told(
        answer(
          await db.rpc('decide_substitution', { business_id: businessId, substitution_id: id, approved }),
        ),
      )
    : notThere();

/** A manager gives the class to somebody they have found. */
export const assignSubstitute = async (
  db: Db,
  businessId: string,
  input: { session_id: string; instructor_id: string },
): Promise<SubstitutionAnswer | Refusal> =>
  told(answer(await db.rpc('assign_substitute', { business_id: businessId, ...input })));

/** Refuses 422 hours_invalid. */
export async function setRules(db: Db, businessId: string, rules: Rules): Promise<Rules | Refusal> {
  const refused = answer(await db.rpc('set_substitution_rules', { business_id: businessId, ...rules }));
  return isRefused(refused) ? refused : rules;
}
