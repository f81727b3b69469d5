/** A gift card for whoever it is given to, and what came back to one. Code and PIN are told to the one who sends it only; a copy for the team has none. */
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

interface GiftCardBackFacts {
  card_id: string;
  to_name: string;
  /** Of its code. */
  ending: string;
  amount_cents: number;
  currency: string;
  expires_at: string;
  /** Its time was over before. */
  expired: boolean;
}

function giftCardBack(data: GiftCardBackFacts, context: Context): Rendered {
  const { giftCardBack: words, giftCard: card, hello } = context.m.mail;
  const amount = amountOf(data.amount_cents, data.currency, context) ?? '';
  const until = { date: date(data.expires_at, context) };
  return {
    letter: {
      subject: words.subject({ amount }),
      title: words.title({ amount }),
      greeting: hello({ name: data.to_name }),
      text: [
        words.text({ business: context.business.name }),
        (data.expired ? words.again : words.until)(until),
      ],
      rows: [{ name: card.row, below: words.ending({ ending: data.ending }), amount }],
      button: { text: card.button, url: context.url('/gift-cards') },
      ...footerOf(context),
    },
  };
}

export const giftCards = { gift_card: giftCard, gift_card_back: giftCardBack };
