/**
 * Where links in e-mails may lead: `wanted` when it is the site itself, this machine, or matches an entry of
 * additional_redirect_urls; otherwise the site. `*` in an entry stands for anything but `.` and `/`, `**` for anything.
 */
export function allowedRedirect(wanted: string | null, siteUrl: string, entries: string[]): string {
  if (!wanted || !URL.canParse(wanted)) return trim(siteUrl);
  const { origin, protocol, username, password } = new URL(wanted);
  // `http://localhost:1@elsewhere/` leads elsewhere, whatever it looks like.
  if (!/^https?:$/.test(protocol) || username || password) return trim(siteUrl);
  const plain = wanted.split('#')[0]!;
  const allowed = origin === new URL(siteUrl).origin || entries.some((entry) => pattern(entry).test(plain));
  return allowed ? trim(plain) : trim(siteUrl);
}

// Templates continue with "/confirm?…".
const trim = (url: string) => url.replace(/\/+$/, '');

function pattern(entry: string): RegExp {
  const source = entry
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^./]*' : RegExp.escape(part)))
    .join('');
  return new RegExp(`^${source}$`);
}
