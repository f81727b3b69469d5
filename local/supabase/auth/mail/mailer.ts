import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { AuthConfig, TemplateName } from '../../config.ts';
import { type Post } from './post.ts';
import { allowedRedirect } from './redirects.ts';
import { escapeHtml, onOneLine, renderTemplate, type Values } from './template.ts';

/** What @supabase/lite hands its mailer beside address, token hash and code. */
interface Meta {
  userId?: string;
  tokenNew?: string;
  tokenHashNew?: string;
  currentEmail?: string;
  newEmail?: string;
}

/** Where the request being answered wants its links to lead (`redirect_to`), which lite does not pass on. */
export const redirectWanted = new AsyncLocalStorage<string | null>();

export type Mailer = ReturnType<typeof createMailer>;

/** Writes auth's e-mails from supabase/templates, with the hosted service's template variables. */
export function createMailer(o: { config: AuthConfig; siteUrl: string; pool: pg.Pool; post: Post }) {
  async function write(name: TemplateName, to: string, tokenHash: string, token: string, meta: Meta) {
    const template = o.config.templates[name];
    const { rows } = await o.pool.query<{ raw_user_meta_data: Record<string, unknown> | null }>(
      'select raw_user_meta_data from auth.users where id = $1',
      [meta.userId],
    );
    const redirect = allowedRedirect(redirectWanted.getStore() ?? null, o.siteUrl, o.config.redirectUrls);
    const values: Values = {
      Token: token,
      TokenHash: tokenHash,
      SiteURL: o.siteUrl,
      RedirectTo: redirect,
      Email: meta.currentEmail ?? to,
      NewEmail: meta.newEmail ?? '',
      Data: rows[0]?.raw_user_meta_data ?? {},
    };
    const html = renderTemplate(await readFile(template.file, 'utf8'), values, escapeHtml);
    o.post.send({ to, subject: renderTemplate(template.subject, values, onOneLine), html });
  }

  return {
    sendConfirmation: (to: string, hash: string, code: string, meta: Meta = {}) =>
      write('confirmation', to, hash, code, meta),
    sendRecovery: (to: string, hash: string, code: string, meta: Meta = {}) =>
      write('recovery', to, hash, code, meta),
    sendMagicLink: (to: string, hash: string, code: string, meta: Meta = {}) =>
      write('magic_link', to, hash, code, meta),
    /** To the address given, and when the change is confirmed from both mailboxes, to the new one too. */
    async sendEmailChange(to: string, hash: string, code: string, meta: Meta = {}) {
      await write('email_change', to, hash, code, meta);
      if (meta.newEmail && meta.tokenHashNew && meta.tokenNew) {
        await write('email_change', meta.newEmail, meta.tokenHashNew, meta.tokenNew, meta);
      }
    },
    sendReauthentication: () => Promise.reject(new Error('Reauthentication by code is not supported here.')),
  };
}
