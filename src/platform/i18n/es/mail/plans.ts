import { plural } from '../../plural.ts';
import type { plans as source } from '../../en/mail/plans.ts';

export const plans: typeof source = {
  pass_expiring: {
    subject: ({ plan, date }) => `${plan} caduca el ${date}`,
    title: 'Tu bono caduca pronto',
    text: ({ count, date }) =>
      plural('es', count, {
        one: `Le queda 1 crédito, válido hasta el ${date}.`,
        other: `Le quedan ${count} créditos, válidos hasta el ${date}.`,
      }),
  },
  pass_used_up: {
    subject: ({ plan }) => `${plan}: no quedan créditos`,
    title: 'Ese era el último crédito',
    text: ({ plan }) => `A tu ${plan} no le quedan créditos. Gracias por venir tanto.`,
    button: 'Ver bonos y membresías',
  },
  membership_started: {
    subject: ({ plan }) => `Te damos la bienvenida: empieza tu ${plan}`,
    title: 'Empieza tu membresía',
    text: ({ amount, date }) =>
      `Pagaste ${amount}. Está pagada hasta el ${date} y después se renueva sola; antes se puede terminar cuando quieras.`,
  },
  membership_renewed: {
    subject: ({ plan }) => `Tu ${plan} se ha renovado`,
    title: 'Tu membresía sigue',
    text: ({ amount, date }) => `Pagaste ${amount}. Está pagada hasta el ${date}.`,
  },
  membership_frozen: {
    subject: ({ plan }) => `Tu ${plan} descansa`,
    title: 'Tu membresía está en pausa',
    until: ({ from, until }) => `Descansa del ${from} al ${until}. Entretanto no se te cobra nada.`,
    open: ({ from }) => `Descansa desde el ${from} hasta que la reactives. Entretanto no se te cobra nada.`,
  },
  membership_ended: {
    subject: ({ plan }) => `Tu ${plan} ha terminado`,
    title: 'Tu membresía ha terminado',
    text: ({ date }) => `Terminó el ${date}. Ya no se te cobra nada. Vuelve cuando quieras.`,
    button: 'Ver bonos y membresías',
  },
  payment_failed: {
    subject: ({ plan }) => `No pudimos cobrar tu ${plan}`,
    title: 'Tu pago no se completó',
    text: ({ amount }) =>
      `No pudimos cobrar ${amount} de tu tarjeta. Quizá ha caducado o el banco pide una confirmación.`,
    grace: ({ date }) => `Puedes seguir reservando hasta el ${date}. Revisa tu tarjeta antes de ese día.`,
    button: 'Revisar el pago',
  },
  membership_suspended: {
    subject: ({ plan }) => `Tu ${plan} está en espera`,
    title: 'Tu membresía está en espera',
    text: 'El pago sigue pendiente, así que de momento no puedes reservar con ella. En cuanto se pague, todo vuelve a ser como antes.',
    button: 'Revisar el pago',
  },
  membership_recovered: {
    subject: ({ plan }) => `Todo en orden con tu ${plan}`,
    title: 'Tu pago ha llegado',
    text: 'Gracias. Puedes reservar con tu membresía como antes.',
  },
  button: 'Ver tus bonos y membresías',
};
