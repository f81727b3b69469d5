/**
 * A class that two thousand people want in the same second: thirty get a seat, and whoever comes after them is told
 * together with the others who came in the same moment, in one question to the database instead of one each. The answer
 * is as exact as each one's own: it is looked up after they asked, and says no only to whom `api.book_session` would.
 */
import { log } from '#platform/log.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';

export interface Asker {
  user: string;
  /** Of their request: one that was answered before is answered so again, however full the class. */
  key: string;
}
/** @returns numbers of the askers, from 1, who are too late. */
export type Look = (businessId: string, sessionId: string, askers: Asker[]) => Promise<number[]>;

interface Group {
  askers: Asker[];
  late: Promise<Set<number>>;
}

interface Line {
  /** Who comes while a look is under way waits for the next: an older answer might not hold for them any more. */
  underWay: Promise<unknown>;
  gathering: Group | null;
}

export interface Latecomers {
  /** That somebody was refused for want of a seat: until a look says otherwise, others will be. */
  wasFull(sessionId: string): void;
  isTooLate(businessId: string, sessionId: string, asker: Asker): Promise<boolean>;
}

/** Classes watched at once at most; the longest known makes room. */
const most = 1000;

export function latecomers(look: Look): Latecomers {
  const lines = new Map<string, Line>();

  function gather(line: Line, businessId: string, sessionId: string): Group {
    const askers: Asker[] = [];
    const late = line.underWay.then(async () => {
      line.gathering = null;
      try {
        const found = new Set(await look(businessId, sessionId, askers));
        if (found.size === 0) lines.delete(sessionId);
        return found;
      } catch (error) {
        // Each asks for themselves then, and hears what is wrong.
        log.warn('too_late_unknown', { reason: error instanceof Error ? error.message : String(error) });
        lines.delete(sessionId);
        return new Set<number>();
      }
    });
    line.underWay = late;
    return { askers, late };
  }

  return {
    wasFull(sessionId) {
      if (lines.has(sessionId)) return;
      if (lines.size >= most) lines.delete(lines.keys().next().value ?? '');
      lines.set(sessionId, { underWay: Promise.resolve(), gathering: null });
    },
    async isTooLate(businessId, sessionId, asker) {
      const line = lines.get(sessionId);
      if (!line) return false;
      const group = (line.gathering ??= gather(line, businessId, sessionId));
      const number = group.askers.push(asker);
      return (await group.late).has(number);
    },
  };
}

/** Of this process. */
export const crowds = latecomers(async (businessId, sessionId, askers) =>
  readAnswer(
    await serviceDb().rpc('too_late', {
      business_id: businessId,
      session_id: sessionId,
      users: askers.map(({ user }) => user),
      keys: askers.map(({ key }) => key),
    }),
  ),
);
