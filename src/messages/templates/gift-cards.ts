/** A gift card for whoever it is given to. Code and PIN are told to the one who sends it only; a copy for the team has none. */
import { type Context, type Rendered, amountOf, date, footerOf } from './frame.ts';

interface GiftCardFacts {
  card_id: string;
  to_name: string;
  from_name: string;
  message: string | null;
  amount_cents: number;
  currency: string;
  expires_at: string | null;
  again: boolean;
  code?: string;
  pin?: string;
}

function giftCard(data: GiftCardFacts, context: Context): Rendered {
  const { giftCard: words, hello } = context.m.mail;
  const { name } = context.business;
  const amount = amountOf(data.amount_cents, data.currency, context) ?? '';
  return {
    letter: {
      subject: words.subject({ from: data.from_name, business: name }),
      title: words.title({ amount, business: name }),
      greeting: hello({ name: data.to_name }),
      text: [
        words.text({ from: data.from_name }),
        ...(data.message ? [`“${data.message}”`] : []),
        ...(data.again ? [words.again] : []),
        words.how,
        ...(data.expires_at ? [words.until({ date: date(data.expires_at, context) })] : []),
      ],
      rows: [
        {
          name: words.row,
          below:
            data.code && data.pin
              ? `${words.code({ code: data.code })}\n${words.pin({ pin: data.pin })}`
              : words.hidden,
          amount,
        },
      ],
      button: { text: words.button, url: context.url('/gift-cards') },
      ...footerOf(context),
    },
  };
}

export const giftCards = { gift_card: giftCard };
