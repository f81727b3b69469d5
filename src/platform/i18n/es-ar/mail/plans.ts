import type { MessagesPatch } from '../../index.ts';

export const plans: NonNullable<NonNullable<MessagesPatch['mail']>['plans']> = {
  pass_expiring: {
    subject: ({ plan, date }) => `${plan} vence el ${date}`,
    title: 'Tu pase vence pronto',
  },
  pass_used_up: { button: 'Ver pases y membresías' },
  pass_given: {
    subject: ({ plan }) => `Un regalo para vos: ${plan}`,
    title: 'Tenés un bono',
    text: ({ plan }) => `Pusimos ${plan} en tu cuenta. Paga solo cuando reservás.`,
  },
  pass_refunded: {
    title: 'Tu bono se devolvió',
    text: ({ amount }) => `Te devolvemos ${amount}, igual que pagaste. El bono terminó.`,
  },
  membership_started: {
    text: ({ amount, date }) =>
      `Pagaste ${amount}. Está paga hasta el ${date} y después se renueva sola; antes la podés terminar cuando quieras.`,
  },
  membership_renewed: {
    subject: ({ plan }) => `Tu ${plan} se renovó`,
    text: ({ amount, date }) => `Pagaste ${amount}. Está paga hasta el ${date}.`,
  },
  membership_frozen: { back: 'Podés abrirla antes cuando quieras, en la página de tus bonos.' },
  membership_changed: { subject: ({ plan }) => `Ahora tenés ${plan}`, title: 'Tu suscripción cambió' },
  membership_ended: {
    subject: ({ plan }) => `Tu ${plan} terminó`,
    title: 'Tu membresía terminó',
    text: ({ date }) => `Terminó el ${date}. Ya no se te cobra nada. Volvé cuando quieras.`,
    button: 'Ver pases y membresías',
  },
  payment_failed: {
    text: ({ amount }) =>
      `No pudimos cobrar ${amount} de tu tarjeta. Quizás venció o el banco pide una confirmación.`,
    grace: ({ date }) => `Podés seguir reservando hasta el ${date}. Revisá tu tarjeta antes de ese día.`,
  },
  membership_suspended: {
    text: 'El pago sigue pendiente, así que por ahora no podés reservar con ella. Apenas se pague, todo vuelve a ser como antes.',
  },
  membership_recovered: {
    title: 'Tu pago llegó',
    text: 'Gracias. Podés reservar con tu membresía como antes.',
  },
  button: 'Ver tus pases y membresías',
};
