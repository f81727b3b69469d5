import type { en } from '../en/index.ts';
import { site } from './site.ts';
import { business } from './business.ts';
import { legal } from './legal.ts';
import { auth } from './auth.ts';
import { account } from './account.ts';
import { booking } from './booking.ts';
import { sales } from './sales.ts';
import { giftCards } from './gift-cards.ts';
import { refunds } from './refunds.ts';
import { payments } from './payments.ts';
import { admin } from './admin.ts';
import { plans } from './plans.ts';
import { waitlist } from './waitlist.ts';
import { schedule } from './schedule.ts';
import { instructors } from './instructors.ts';
import { desk } from './desk.ts';
import { board } from './board.ts';
import { members } from './members.ts';
import { progress } from './progress.ts';
import { notices } from './notices.ts';
import { letters } from './letters.ts';
import { shop } from './shop.ts';
import { shopAnalytics } from './shop-analytics.ts';
import { stock } from './stock.ts';
import { products } from './products.ts';
import { menuOffice } from './menu-office.ts';
import { till } from './till.ts';
import { counter } from './counter.ts';
import { readers } from './readers.ts';
import { outside } from './outside.ts';
import { promotions } from './promotions.ts';
import { loyalty } from './loyalty.ts';
import { referrals } from './referrals.ts';
import { refusals } from './refusals/index.ts';
import { mail } from './mail/index.ts';

export const es: typeof en = {
  site,
  business,
  legal,
  auth,
  account,
  booking,
  sales,
  giftCards,
  refunds,
  payments,
  admin,
  plans,
  waitlist,
  schedule,
  instructors,
  desk,
  board,
  members,
  progress,
  notices,
  letters,
  shop,
  shopAnalytics,
  stock,
  products,
  menuOffice,
  till,
  counter,
  readers,
  outside,
  promotions,
  loyalty,
  referrals,
  refusals,
  mail,
};
