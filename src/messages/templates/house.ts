/** Letters of the house: to staff, and about accounts. */
import type { Messages } from '#platform/i18n/index.ts';
import { type Context, type Rendered, footerOf } from './frame.ts';

type RoleName = keyof Messages['mail']['invitation']['roles'];

function staffInvitation(
  data: { role: RoleName; token: string; invited_by: string | null },
  context: Context,
): Rendered {
  const { invitation, helloThere } = context.m.mail;
  const { name } = context.business;
  return {
    letter: {
      subject: invitation.subject({ business: name }),
      title: invitation.title({ business: name }),
      greeting: helloThere,
      text: [
        invitation.text({ by: data.invited_by ?? invitation.someone, role: invitation.roles[data.role] }),
      ],
      rows: [],
      button: { text: invitation.button, url: context.url(`/invitations/${data.token}`) },
      ...footerOf(context),
    },
  };
}

function accountLocked(data: { name: string | null; minutes: number }, context: Context): Rendered {
  const { hello, helloThere, locked } = context.m.mail;
  return {
    letter: {
      subject: locked.subject,
      title: locked.title,
      greeting: data.name ? hello({ name: data.name }) : helloThere,
      text: [locked.text({ minutes: data.minutes })],
      rows: [],
      button: { text: locked.button, url: context.url('/forgot') },
      ...footerOf(context),
    },
  };
}

export const house = { staff_invitation: staffInvitation, account_locked: accountLocked };
