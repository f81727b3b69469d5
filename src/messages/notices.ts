/** What a member was told, as a line in the app: the letter's subject, its first sentence, and where it leads. */
import type { Json } from '#platform/database.types.ts';
import { log } from '#platform/log.ts';
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { isKind, readFacts } from './facts.ts';
import type { Context } from './templates/frame.ts';
import { templates } from './templates/index.ts';
import { orderNoticed } from './templates/orders.ts';

export interface Notice {
  notification_id: string;
  kind: string;
  topic: string;
  title: string;
  text: string;
  /** A path of ours, without the language. */
  path: string;
  /** Whom it is about, when that is somebody they look after. */
  about: string | null;
  created_at: string;
  read_at: string | null;
}

type Told = Pick<Notice, 'title' | 'text' | 'path'>;

/** @throws when `data` is not what the kind needs. */
export function noticeOf(kind: string, data: unknown, speaking: Omit<Context, 'url'>): Told {
  if (!isKind(kind)) throw new Error(`nobody has written a notice of the kind ${kind}`);
  const context: Context = { ...speaking, url: (path) => path };
  if (kind === 'order_confirmed') return orderNoticed(readFacts(kind, data), context);
  // Whom it is about stands beside it in the list, not in its sentence.
  const facts = { ...(data as object), ...readFacts(kind, data), about_name: null };
  const { letter } = templates[kind](facts as never, context);
  return { title: letter.subject, text: letter.text[0] ?? '', path: letter.button?.url ?? '/account' };
}

interface Row {
  notification_id: string;
  kind: string;
  topic: string;
  data: Json;
  created_at: string;
  read_at: string | null;
}

function noticeFrom({ data, ...row }: Row, speaking: Omit<Context, 'url'>): Notice | null {
  const { about_name } = data as { about_name?: string };
  try {
    return { ...row, ...noticeOf(row.kind, data, speaking), about: about_name ?? null };
  } catch (error) {
    // One that was told wrongly must not hide the others.
    log.error('notice_unreadable', error, { notification_id: row.notification_id, kind: row.kind });
    return null;
  }
}

/** The unread first (with the first page only), then `size` of the rest, newest first; `before`: those older than that. */
export async function myNotices(
  db: Db,
  businessId: string,
  speaking: Omit<Context, 'url'>,
  before: string | null,
  size: number,
): Promise<{ notices: Notice[]; next: string | null }> {
  const rows = readAnswer(
    await db.rpc(
      'my_notifications',
      { business_id: businessId, page_size: size, ...(before ? { before_at: before } : {}) },
      { get: true },
    ),
  ) as Row[];
  const read = rows.filter(({ read_at }) => read_at !== null);
  return {
    notices: rows.flatMap((row) => noticeFrom(row, speaking) ?? []),
    next: read.length === size ? (read.at(-1)?.created_at ?? null) : null,
  };
}

/** These, or everything when none is named. Answers how much is left unread. */
export async function markRead(db: Db, businessId: string, ids: string[]): Promise<{ unread: number }> {
  const named = ids.length > 0 ? { notification_ids: ids } : {};
  return { unread: readAnswer(await db.rpc('mark_read', { business_id: businessId, ...named })) };
}
