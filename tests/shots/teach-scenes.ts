/** The pages of those who teach, and the managers' pages about what is on and who teaches it. */
import { type Scene, fill } from './scenes.ts';

export const teachScenes = (session: string): Scene[] => [
  { name: 'teach', path: '/teach' },
  { name: 'teach-class', path: `/teach/classes/${session}` },
  { name: 'teach-substitutions', path: '/teach/substitutions' },
  { name: 'teach-hours', path: '/teach/hours' },
  {
    name: 'teach-hours-wrong',
    path: '/teach/hours',
    act: fill({ from: '2027-02-02', until: '2027-02-01' }, '/api/yoga/instructors/time-off'),
  },
  { name: 'teach-pay', path: '/teach/pay' },
  { name: 'teach-calendar', path: '/teach/calendar' },
];

export const timetableScenes = (at: {
  session: string;
  series: string;
  instructor: string;
  room: string;
}): Scene[] => [
  { name: 'admin-schedule', path: '/admin/schedule' },
  { name: 'admin-schedule-new', path: '/admin/schedule/new' },
  { name: 'admin-schedule-weekly', path: '/admin/schedule/new?weekly' },
  { name: 'admin-session', path: `/admin/schedule/${at.session}` },
  {
    name: 'admin-session-change',
    path: `/admin/schedule/${at.session}/change?scope=following&local_start=05:10`,
  },
  { name: 'admin-session-cancel', path: `/admin/schedule/${at.session}/cancel` },
  { name: 'admin-series', path: `/admin/schedule/series/${at.series}` },
  { name: 'admin-classes', path: '/admin/classes' },
  { name: 'admin-class', path: '/admin/classes/candle-yin' },
  { name: 'admin-rooms', path: '/admin/rooms' },
  { name: 'admin-room', path: `/admin/rooms/${at.room}` },
  { name: 'admin-instructors', path: '/admin/instructors' },
  { name: 'admin-instructor', path: `/admin/instructors/${at.instructor}` },
  { name: 'admin-pay', path: '/admin/pay' },
  { name: 'admin-pay-rates', path: '/admin/pay/rates' },
  { name: 'admin-calendars', path: '/admin/calendars' },
  { name: 'admin-audit', path: '/admin/audit' },
];
