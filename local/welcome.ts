import { demoAccounts, testCards } from './demo-accounts.ts';
import { paint } from './process/steps.ts';

/** What a person needs to try the studio out: addresses, accounts, card numbers. */
export function welcome(at: {
  siteUrl: string;
  barberiaUrl: string;
  inboxUrl: string;
  logs: string;
}): string {
  const table = (rows: [string, string][]) => {
    const width = Math.max(...rows.map(([left]) => left.length));
    return rows.map(([left, right]) => `    ${left.padEnd(width)}   ${right}`).join('\n');
  };
  const accounts = demoAccounts();
  return [
    '',
    `  ${paint('bold', 'Open in the browser')}`,
    table([
      ['Lotus & Bean', at.siteUrl],
      ['Barbería Sur', at.barberiaUrl],
      ['Inbox: every e-mail that is sent', at.inboxUrl],
    ]),
    '',
    `  ${paint('bold', 'Sign in as')}`,
    table(
      accounts.map(({ business, role, email, password }) => [email, `${password}   ${role}, ${business}`]),
    ),
    '',
    `  ${paint('bold', 'Pay with')} (any date to come, any CVC)`,
    table(testCards.map(({ number, does }) => [number, does])),
    '',
    `  Logs are in ${at.logs}. Ctrl-C stops everything and keeps the data.`,
    '',
  ].join('\n');
}
