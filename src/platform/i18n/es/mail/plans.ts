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
  pass_given: {
    subject: ({ plan }) => `Un regalo para ti: ${plan}`,
    title: 'Tienes un bono',
    text: ({ plan }) => `Hemos puesto ${plan} en tu cuenta. Paga solo cuando reservas.`,
  },
  pass_refunded: {
    subject: ({ plan }) => `Te devolvemos ${plan}`,
    title: 'Tu bono se ha devuelto',
    text: ({ amount }) => `Te devolvemos ${amount}, igual que pagaste. El bono ha terminado.`,
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
    title: 'Tu suscripción está en pausa',
    until: ({ from, until }) => `Descansa desde el ${from} y se abre de nuevo el ${until}.`,
    charge: ({ amount, date }) => `El próximo cobro es de ${amount} el ${date}.`,
    back: 'Puedes abrirla antes cuando quieras, en la página de tus bonos.',
  },
  membership_changed: {
    subject: ({ plan }) => `Ahora tienes ${plan}`,
    title: 'Tu suscripción ha cambiado',
    text: ({ plan, date }) => `Desde hoy es ${plan}, y está pagada hasta el ${date}.`,
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
