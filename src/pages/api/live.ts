/**
 * GET /api/live?topic=… as server-sent events: `event: state` with what is known now, then changes as they happen, resumed
 * by `Last-Event-ID`. Topics are named as a visitor knows them: `timetable`, `order:<id>`, `member`, `roster:<id>`, `board:<location>`, `sale:<id>`.
 */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { openLiveStream } from '#platform/live/index.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { publicDb, serviceDb } from '#platform/supabase.ts';
import { readerSale } from '#till/reader-sales.ts';

interface Listening {
  topic: string;
  firstState(): Promise<unknown>;
  replaces?: (name: string, payload: unknown) => string | null;
}

const day = 24 * 60 * 60 * 1000;

/** `seats_changed` {session_id, seats_left, capacity, state, version}; the state is rows of the same for the coming 14 days. */
function timetable(businessId: string): Listening {
  return {
    topic: `business:${businessId}:timetable`,
    async firstState() {
      const now = Date.now();
      const rows = readAnswer(
        await publicDb().rpc('timetable', {
          business_id: businessId,
          from_at: new Date(now - day / 2).toISOString(),
          until_at: new Date(now + 14 * day).toISOString(),
        }),
      );
      return rows.map(({ session_id, seats_left, capacity, state, version }) => ({
        session_id,
        seats_left,
        capacity,
        state,
        version,
      }));
    },
    // Only the newest count of a session's seats matters.
    replaces: (name, payload) => {
      const { session_id } = payload as { session_id?: unknown };
      return typeof session_id === 'string' ? `${name} ${session_id}` : null;
    },
  };
}

/** `order_changed` {order_id}; the state is the order as order_page answers it. Whoever may not read it is told it is not there. */
async function order(locals: App.Locals, orderId: string): Promise<Listening | Refusal> {
  const asked = { business_id: locals.business.id, order_id: orderId };
  const mine = answer(await locals.db.rpc('order_page', asked));
  if (isRefused(mine)) return mine.status === 401 ? mine : new Refusal('order_not_found', 404);
  return {
    topic: `order:${orderId}`,
    // The stream may outlive the session it was opened with, whose right has just been checked.
    firstState: async () => readAnswer(await serviceDb().rpc('order_page', asked)),
  };
}

/** `notified` {kind} and `notices_read` {unread} of the member who asks; the state is {unread}. */
async function member(locals: App.Locals): Promise<Listening | Refusal> {
  if (!locals.user) return new Refusal('sign_in_first', 401);
  const { member_id } = await locals.viewer();
  if (!member_id) return new Refusal('not_found', 404);
  return {
    topic: `member:${member_id}`,
    firstState: async () => ({ unread: readAnswer(await serviceDb().rpc('unread', { member_id })) }),
  };
}

/** `roster_changed` {booking_id, state}, for who keeps the roster of this class; to everybody else it is not there. The state is null: the page has it. */
async function roster(locals: App.Locals, sessionId: string): Promise<Listening | Refusal> {
  const mine = answer(
    await locals.db.rpc('roster', { business_id: locals.business.id, session_id: sessionId }, { get: true }),
  );
  if (isRefused(mine)) return mine.status === 401 ? mine : new Refusal('session_not_found', 404);
  return { topic: `session:${sessionId}:roster`, firstState: async () => null };
}

/**
 * `ticket_changed` with the whole ticket, `counter_changed`, `sold_out_changed`, for who stands at this counter; the state is
 * its board as api.board answers it. Versions say which of two words about a ticket is the newer.
 */
async function board(locals: App.Locals, locationId: string): Promise<Listening | Refusal> {
  const asked = { business_id: locals.business.id, location_id: locationId };
  const mine = answer(await locals.db.rpc('board', asked, { get: true }));
  if (isRefused(mine)) return mine;
  return {
    topic: `board:${locationId}`,
    firstState: async () => readAnswer(await serviceDb().rpc('board', asked, { get: true })),
    replaces: (name, payload) => {
      const { ticket_id } = payload as { ticket_id?: unknown };
      return typeof ticket_id === 'string' ? `${name} ${ticket_id}` : null;
    },
  };
}

/** `sale_changed` {sale_id} of a sale at a card reader, for who sells; the state is null: the page has it. */
async function sale(locals: App.Locals, saleId: string): Promise<Listening | Refusal> {
  const mine = await readerSale(locals.db, locals.business.id, saleId);
  return isRefused(mine) ? mine : { topic: `sale:${saleId}`, firstState: async () => null };
}

async function listening(locals: App.Locals, topic: string): Promise<Listening | Refusal> {
  if (topic === 'timetable') return timetable(locals.business.id);
  if (topic === 'member') return member(locals);
  const [, kind, named] = /^(order|roster|board|sale):(.+)$/.exec(topic) ?? [];
  const id = z.guid().safeParse(named);
  if (!id.success) return new Refusal('not_found', 404);
  if (kind === 'board') return board(locals, id.data);
  if (kind === 'sale') return sale(locals, id.data);
  return kind === 'roster' ? roster(locals, id.data) : order(locals, id.data);
}

export const GET = endpoint({
  summary: 'Changes as they happen, as server-sent events',
  input: z.object({ topic: z.string().max(80) }),
  limit: 'read',
  async act({ input, context, locals }) {
    const found = await listening(locals, input.topic);
    if (isRefused(found)) return found;
    if (context.request.method === 'HEAD') return new Response(null);
    return openLiveStream({
      ...found,
      request: context.request,
      address: locals.address,
      lastEventId: context.request.headers.get('last-event-id'),
    });
  },
});
