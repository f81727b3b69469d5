import type Stripe from 'stripe';
import { DISPUTE_FEE, recordMovement } from '../balance/balance-transactions.ts';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { DAY } from '../state/clock.ts';
import { noSuch, unexpectedState } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, metadata, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { needCharge } from '../payments/charges.ts';
import { EVIDENCE, NO_EVIDENCE } from './evidence.ts';

const TIME_TO_ANSWER = 7 * DAY;

/** The cardholder goes to their bank. An inquiry only asks; anything else takes the money back at once. */
export function openDispute(
  world: World,
  chargeId: string,
  kind: 'fraudulent' | 'product_not_received' | 'inquiry',
): void {
  const charge = needCharge(world, chargeId);
  const id = newId('du');
  const inquiry = kind === 'inquiry';
  const amount = charge.amount_captured - charge.amount_refunded;
  const disputed = world.store.charges.change(chargeId, { disputed: true });
  const network = charge.payment_method_details?.card?.brand ?? 'visa';
  const dispute = world.store.disputes.put({
    id,
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: chargeId,
    created: world.clock.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, customer_email_address: charge.billing_details.email },
    evidence_details: {
      due_by: world.clock.now() + TIME_TO_ANSWER,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      type: 'card',
      card: {
        brand: network,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network,
        network_reason_code: '10.4',
      },
    },
    reason: kind === 'inquiry' ? 'fraudulent' : kind,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  } satisfies Stripe.Dispute);
  emit(world, 'charge.dispute.created', dispute);
  emit(world, 'charge.updated', disputed, charge);
  if (!inquiry) moveMoney(world, id, 'withdrawn');
  awaitAnswer(world, dispute);
}

function moveMoney(world: World, id: string, direction: 'withdrawn' | 'reinstated'): void {
  const before = world.store.disputes.need(id);
  const out = direction === 'withdrawn';
  const transaction = recordMovement(world, {
    type: 'adjustment',
    amount: out ? -before.amount : before.amount,
    currency: before.currency,
    source: id,
    fee: out ? DISPUTE_FEE : 0,
    description: `Chargeback ${direction} for ${String(before.charge)}`,
    category: out ? 'dispute' : 'dispute_reversal',
    now: true,
  });
  const after = world.store.disputes.change(id, {
    balance_transactions: [...before.balance_transactions, transaction],
  });
  emit(world, `charge.dispute.funds_${direction}`, after, before);
}

function awaitAnswer(world: World, { id, evidence_details }: Readonly<Stripe.Dispute>): void {
  if (evidence_details.due_by === null) return;
  world.deadlines.set(`dispute:${id}`, evidence_details.due_by, () => {
    const { status } = world.store.disputes.need(id);
    if (status === 'needs_response') end(world, id, 'lost');
    if (status === 'warning_needs_response') end(world, id, 'warning_closed');
  });
}

/** After a restart: disputes nobody has answered. */
export function resumeDisputes(world: World): void {
  for (const dispute of world.store.disputes.values())
    if (dispute.status.endsWith('needs_response')) awaitAnswer(world, dispute);
}

function end(world: World, id: string, status: 'won' | 'lost' | 'warning_closed'): Readonly<Stripe.Dispute> {
  const before = world.store.disputes.need(id);
  const after = world.store.disputes.change(id, {
    status,
    evidence_details: { ...before.evidence_details, past_due: false },
  });
  world.deadlines.clear(`dispute:${id}`);
  emit(world, 'charge.dispute.closed', after, before);
  if (status === 'won') moveMoney(world, id, 'reinstated');
  return world.store.disputes.need(id);
}

/**
 * Saving evidence is not sending it. In test mode the text decides: `winning_evidence` wins, `losing_evidence` loses,
 * anything else is looked at without end. See https://docs.stripe.com/testing#evidence.
 */
function updateDispute(
  world: World,
  id: string,
  params: Stripe.DisputeUpdateParams,
): Readonly<Stripe.Dispute> {
  const before = needDispute(world, id);
  const { evidence, submit, ...rest } = params;
  if (evidence && !before.status.endsWith('needs_response'))
    throw unexpectedState(
      `This dispute is ${before.status}: its evidence cannot be changed.`,
      'resource_invalid_state',
    );
  const submitted = submit ?? evidence !== undefined;
  const known = { ...before.evidence, ...(evidence as Partial<Stripe.Dispute.Evidence> | undefined) };
  const warning = before.status.startsWith('warning') ? 'warning_' : '';
  const after = world.store.disputes.change(id, {
    ...merge(before, rest),
    evidence: known,
    evidence_details: {
      ...before.evidence_details,
      has_evidence: before.evidence_details.has_evidence || evidence !== undefined,
      submission_count: before.evidence_details.submission_count + (submitted ? 1 : 0),
      submission_method: submitted ? 'manual' : before.evidence_details.submission_method,
    },
    ...(submitted && { status: `${warning}under_review` }),
  });
  emit(world, 'charge.dispute.updated', after, before);
  if (!submitted) return after;
  if (known.uncategorized_text === 'winning_evidence')
    return end(world, id, warning ? 'warning_closed' : 'won');
  if (known.uncategorized_text === 'losing_evidence')
    return end(world, id, warning ? 'warning_closed' : 'lost');
  return after;
}

function needDispute(world: World, id: string): Readonly<Stripe.Dispute> {
  const dispute = world.store.disputes.get(id);
  if (!dispute) throw noSuch('dispute', id);
  return dispute;
}

const listParams = fields<Stripe.DisputeListParams>({
  ...paging,
  charge: text,
  created: range,
  payment_intent: text,
});

const updateParams = fields<Stripe.DisputeUpdateParams>({
  evidence: fields<Stripe.DisputeUpdateParams.Evidence>(
    Object.fromEntries(EVIDENCE.map((name) => [name, text])) as Record<
      (typeof EVIDENCE)[number],
      typeof text
    >,
  ),
  metadata,
  submit: flag,
});

export const disputeRoutes: Route[] = [
  route('GET', '/disputes', listParams, ({ world, params, path }) =>
    listPage(
      world.store.disputes,
      path,
      params,
      (dispute) =>
        dispute.charge === (params.charge ?? dispute.charge) &&
        dispute.payment_intent === (params.payment_intent ?? dispute.payment_intent) &&
        inRange(dispute.created, params.created),
    ),
  ),
  route('GET', '/disputes/:id', noParams, ({ world }, id) => needDispute(world, id)),
  route('POST', '/disputes/:id', updateParams, ({ world, params }, id) => updateDispute(world, id, params)),
  route('POST', '/disputes/:id/close', noParams, ({ world }, id) => {
    const { status } = needDispute(world, id);
    if (!['needs_response', 'under_review'].includes(status))
      throw unexpectedState(`This dispute is ${status} and cannot be closed.`, 'resource_invalid_state');
    return end(world, id, 'lost');
  }),
];
