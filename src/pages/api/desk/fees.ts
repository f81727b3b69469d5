import { fee } from '#desk/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { isRefused } from '#platform/refusals.ts';
import { takeFee } from '#sales/fees.ts';

export const POST = endpoint({
  summary: 'Take what somebody at the desk owes for a late cancellation or an absence',
  input: fee,
  who: requireStaff('front_desk'),
  limit: 'money',
  idempotent: true,
  async act({ input: { booking_id, ...owed }, db, locals, key }) {
    const taken = await takeFee(db, locals.business.id, { ...owed, key });
    return isRefused(taken) ? taken : { ...taken, ...(booking_id && { booking_id }) };
  },
  message: ({ name }, { locals }) => locals.m.desk.fees.done({ name }),
  // Back at the line of the person, who may not have been checked in yet.
  form: {
    done: ({ booking_id }, context) =>
      `${cameFrom(context) ?? '/desk'}${booking_id ? `#b-${booking_id}` : ''}`,
  },
});
