/** What a PaymentIntent or SetupIntent is for, when something else waits for its outcome. */
export interface PaymentPurpose {
  /** Id of the intent. */
  id: string;
  session?: string;
  invoice?: string;
  /** Of a SetupIntent: the portal session in which a card is being changed. */
  portal?: string;
  /** Where a person goes after 3-D Secure. */
  returnUrl?: string;
  /** How a debit that is still processing will end. */
  delayed?: 'succeeds' | 'fails';
  /** The reader the card was held to. */
  reader?: string;
  /** Confirmed without the person being there. */
  offSession?: boolean;
}
