import { site } from './site.ts';
import { business } from './business.ts';
import { legal } from './legal.ts';
import { auth } from './auth.ts';
import { account } from './account.ts';
import { booking } from './booking.ts';
import { sales } from './sales.ts';
import { payments } from './payments.ts';
import { admin } from './admin.ts';
import { refusals } from './refusals.ts';
import { mail } from './mail.ts';

export const en = { site, business, legal, auth, account, booking, sales, payments, admin, refusals, mail };
