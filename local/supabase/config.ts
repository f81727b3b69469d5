import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'smol-toml';

/** What we obey of supabase/config.toml; everything else in it is for the hosted service and the Supabase CLI. */
export interface ProjectConfig {
  schemas: string[];
  /** REST never answers more rows than this. */
  maxRows: number;
  seedFiles: string[];
  auth: AuthConfig;
}

export interface AuthConfig {
  siteUrl: string;
  redirectUrls: string[];
  /** Seconds an access token is good for. */
  tokenSeconds: number;
  rotateRefreshTokens: boolean;
  passwordLength: number;
  passwordRequirements: string;
  signUps: boolean;
  confirmations: boolean;
  doubleConfirmChanges: boolean;
  /** Seconds between two e-mails of a kind to one person. */
  mailEverySeconds: number;
  otpLength: number;
  otpSeconds: number;
  sender: { name: string; address: string };
  templates: Record<TemplateName, { subject: string; file: string }>;
}

export const TEMPLATE_NAMES = ['confirmation', 'magic_link', 'recovery', 'email_change'] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** Throws when the file is missing, is not TOML or lacks a template. Paths come back absolute. */
export async function readProjectConfig(file: string): Promise<ProjectConfig> {
  const toml = parse(await readFile(file, 'utf8')) as Toml;
  const auth = toml.auth ?? {};
  const email = auth.email ?? {};
  const templates = {} as AuthConfig['templates'];
  for (const name of TEMPLATE_NAMES) {
    const template = email.template?.[name];
    if (!template?.subject || !template.content_path) {
      throw new Error(`${file} lacks [auth.email.template.${name}] with subject and content_path.`);
    }
    // The CLI reads content_path from the project's root, the folder above supabase/.
    templates[name] = {
      subject: template.subject,
      file: resolve(dirname(file), '..', template.content_path),
    };
  }
  return {
    schemas: toml.api?.schemas ?? ['public'],
    maxRows: toml.api?.max_rows ?? 1000,
    seedFiles: (toml.db?.seed?.sql_paths ?? []).map((path) => resolve(dirname(file), path)),
    auth: {
      siteUrl: auth.site_url ?? 'http://localhost:3000',
      redirectUrls: auth.additional_redirect_urls ?? [],
      tokenSeconds: auth.jwt_expiry ?? 3600,
      rotateRefreshTokens: auth.enable_refresh_token_rotation ?? true,
      passwordLength: auth.minimum_password_length ?? 6,
      passwordRequirements: auth.password_requirements ?? '',
      signUps: (auth.enable_signup ?? true) && (email.enabled ?? true),
      confirmations: email.enable_confirmations ?? false,
      doubleConfirmChanges: email.double_confirm_changes ?? true,
      mailEverySeconds: Number.parseFloat(email.max_frequency ?? '1s'),
      otpLength: email.otp_length ?? 6,
      otpSeconds: email.otp_expiry ?? 3600,
      sender: {
        name: email.smtp?.sender_name ?? 'Atrium',
        address: email.smtp?.admin_email ?? 'hello@atrium.localhost',
      },
      templates,
    },
  };
}

interface Toml {
  api?: { schemas?: string[]; max_rows?: number };
  db?: { seed?: { sql_paths?: string[] } };
  auth?: {
    site_url?: string;
    additional_redirect_urls?: string[];
    jwt_expiry?: number;
    enable_signup?: boolean;
    enable_refresh_token_rotation?: boolean;
    minimum_password_length?: number;
    password_requirements?: string;
    email?: {
      enabled?: boolean;
      enable_confirmations?: boolean;
      double_confirm_changes?: boolean;
      max_frequency?: string;
      otp_length?: number;
      otp_expiry?: number;
      smtp?: { admin_email?: string; sender_name?: string };
      template?: Record<string, { subject?: string; content_path?: string }>;
    };
  };
}
