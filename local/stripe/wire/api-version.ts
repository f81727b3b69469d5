import type Stripe from 'stripe';

/** The version the installed SDK speaks, and the only one the emulator does. */
export const API_VERSION = '2026-10-28.endive' satisfies Stripe.WebhookEndpointCreateParams.ApiVersion;
