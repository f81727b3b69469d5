/// <reference types="astro/client" />
/* eslint-disable @typescript-eslint/consistent-type-imports -- an import statement would make this file a module, and App.Locals no longer everybody's */

declare namespace App {
  interface Locals {
    /** Of this request: sent as X-Request-Id, written in every log line, shown where something broke. */
    requestId: string;
    /** The visitor's IP address, past TRUST_PROXY proxies. */
    address: string;
    /** The business at this host name. */
    business: import('#business/businesses.ts').Business;
    /** Scheme, host and port of this business's site, for links in e-mails and to payment pages. Never taken from the visitor. */
    origin: string;
    /** What this page or answer is written in. */
    locale: import('#platform/i18n/index.ts').Locale;
    /** Every sentence, in `locale`. */
    m: import('#platform/i18n/index.ts').Messages;
    /** Adds the language prefix to a path of ours when the visitor reads in other than the business's first language. */
    href(path: string): string;
    /** The database as the asking person. */
    db: import('#platform/supabase.ts').Db;
    /** Who is signed in, from the verified session. */
    user: { id: string; email: string } | null;
    /** Who is asking, at this business. One round trip a request, none for a visitor with neither session nor cart. */
    viewer(
      marksBetween?: import('#platform/clock.ts').Stretch,
    ): Promise<import('#platform/guards.ts').Viewer>;
    /** Forgets what `viewer()` found, after a sign-in or a change of the cart within this request. */
    forgetViewer(): void;
    /** What was sent and what was wrong with it, when an endpoint shows a form's page again. */
    form: {
      /** Of names that were sent once. */
      values: Record<string, string>;
      /** Every value of every name: of several boxes those that were ticked. */
      all: Record<string, string[]>;
      errors: Record<string, string>;
      message?: string;
      status: number;
    } | null;
    /** One-time message after a form was accepted. */
    flash: { kind: 'success' | 'info' | 'error'; text: string } | null;
    /** The matched route's pattern, for logs and metrics. */
    route: string;
    /** The refusal this request ended with, for the log. */
    refusal?: string;
  }
}
