import type { refusals as source } from '../../en/refusals/index.ts';
import { common } from './common.ts';
import { giftCards } from './gift-cards.ts';
import { plans } from './plans.ts';
import { waitlist } from './waitlist.ts';
import { schedule } from './schedule.ts';
import { instructors } from './instructors.ts';
import { desk } from './desk.ts';
import { board } from './board.ts';
import { members } from './members.ts';
import { progress } from './progress.ts';
import { notices } from './notices.ts';
import { shop } from './shop.ts';
import { stock } from './stock.ts';
import { menuAdmin } from './menu-admin.ts';
import { till } from './till.ts';
import { readers } from './readers.ts';
import { outside } from './outside.ts';
import { promotions } from './promotions.ts';
import { loyalty } from './loyalty.ts';

export const refusals: typeof source = {
  ...common,
  ...giftCards,
  ...plans,
  ...waitlist,
  ...schedule,
  ...instructors,
  ...desk,
  ...board,
  ...members,
  ...progress,
  ...notices,
  ...shop,
  ...stock,
  ...menuAdmin,
  ...till,
  ...readers,
  ...outside,
  ...promotions,
  ...loyalty,
};
