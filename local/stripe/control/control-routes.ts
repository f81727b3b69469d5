import type { Control } from './control.ts';
import type { ReleaseOrder } from '../events/deliveries.ts';
import { invalidRequest } from '../wire/errors.ts';

type Query = URLSearchParams;
type Act = (control: Control, body: Record<string, unknown>, query: Query, id: string) => unknown;

const optional = (query: Query, name: string) => query.get(name) ?? undefined;

/** `/_emulator/…`, JSON in and out, for tests in another process. */
const ACTS: Record<string, Act> = {
  'GET /state': (control) => control.state(),
  'POST /state/reset': (control) => (control.reset(), control.state()),
  'GET /faults': (control) => control.state().faults,
  'POST /faults': (control, body) => control.addFaults(body),
  'DELETE /faults': (control) => (control.clearFaults(), control.state().faults),
  'GET /events': (control, _body, query) => ({
    data: control.events({
      type: optional(query, 'type') ?? '*',
      ...(query.has('object') && { object: String(query.get('object')) }),
      limit: Number(optional(query, 'limit') ?? 100),
    }),
  }),
  'POST /events/:id/resend': (control, _body, _query, id) => (control.resend(id), { event: id }),
  'GET /deliveries': (control, _body, query) => ({ data: control.deliveries(optional(query, 'event')) }),
  'GET /deliveries/idle': async (control) => (await control.idle(), control.state()),
  'POST /deliveries/retry': (control) => (control.retryNow(), control.state()),
  'POST /deliveries/release': (control, body) => (
    control.release((body['order'] as ReleaseOrder | undefined) ?? 'forward'),
    control.state()
  ),
  'GET /clock': (control) => ({ now: control.now() }),
  'POST /clock': (control, body) => ({ now: control.advance(Number(body['advance'] ?? 0)) }),
  'POST /due': (control, body) => ({ due: control.makeDue(String(body['about'])) }),
  'POST /dunning': (control, body) => control.setDunning(body),
  'POST /webhook': (control, body) => {
    control.connect(String(body['url']), body['secret'] === undefined ? undefined : String(body['secret']));
    return { url: body['url'] };
  },
};

export function serveControl(
  control: Control,
  { method, path, query, body }: { method: string; path: string; query: Query; body: string },
): unknown {
  const [, first = '', id = '', last = ''] = path.slice('/_emulator'.length).split('/');
  const exact = ACTS[`${method} ${path.slice('/_emulator'.length)}`];
  const act = exact ?? ACTS[`${method} /${first}/:id/${last}`];
  if (!act)
    throw invalidRequest(`The emulator has no ${method} ${path}. It has: ${Object.keys(ACTS).join(', ')}.`, {
      status: 404,
    });
  return act(control, parseBody(body), query, id);
}

function parseBody(body: string): Record<string, unknown> {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw invalidRequest('The body must be a JSON object.');
}
