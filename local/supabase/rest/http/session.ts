import { type Catalog } from '../schema/catalog.ts';
import { type Setting } from '../schema/settings.ts';
import { type TransactionContext } from '../database/transaction.ts';
import { type Plan } from '../plan/plan.ts';
import { quoteName } from '../sql/text.ts';
import { type RestRequest } from './request.ts';

/** What is known of who asks, from the key or token. */
export interface Claims {
  role: string;
  [claim: string]: unknown;
}

function splitCookies(header: string | undefined): Record<string, string> {
  const pairs = (header ?? '').split(';').map((part) => {
    const equals = part.indexOf('=');
    return [part.slice(0, Math.max(equals, 0)).trim(), part.slice(equals + 1).trim()] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}

const valueOf = (settings: readonly Setting[], name: string): string | null =>
  settings.findLast((setting) => setting.name === name)?.value ?? null;

/**
 * Everything a request's transaction is told before its statement: who asks, what was asked, and the settings
 * of the role and the function (PostgREST: references/transactions.html). The role's settings come before the
 * role itself, which may not have the right to set them.
 */
export function describeSession(
  request: RestRequest,
  claims: Claims,
  plan: Pick<Plan, 'readOnly' | 'settings'>,
  { catalog, generation }: { catalog: Catalog; generation: number },
): TransactionContext {
  const { cookie, ...headers } = request.headers;
  const { timezone } = request.preferences;
  const ofRole = catalog.roleSettings.get(claims.role) ?? [];
  const searchPath = [request.schema, ...catalog.configuration.extraSearchPath].map(quoteName).join(', ');
  const isolation =
    valueOf(plan.settings, 'default_transaction_isolation') ??
    valueOf(ofRole, 'default_transaction_isolation');
  const settings = [
    { name: 'search_path', value: searchPath },
    ...ofRole,
    { name: 'role', value: claims.role },
    { name: 'request.jwt.claims', value: JSON.stringify(claims) },
    { name: 'request.method', value: request.method },
    { name: 'request.path', value: request.path },
    { name: 'request.headers', value: JSON.stringify(headers) },
    { name: 'request.cookies', value: JSON.stringify(splitCookies(cookie)) },
    ...(timezone === null ? [] : [{ name: 'timezone', value: timezone }]),
    ...plan.settings,
    ...(plan.readOnly ? [{ name: 'transaction_read_only', value: 'on' }] : []),
  ];
  return { settings, isolation, generation };
}
