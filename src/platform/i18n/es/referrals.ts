import { plural } from '../plural.ts';
import type { referrals as source } from '../en/referrals.ts';
import { loyalty } from './loyalty.ts';

const { amount } = loyalty;

export const referrals: typeof source = {
  terms: {
    both: ({ unit, yours, theirs }) =>
      `Envía tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, tú tendrás ${amount({ unit, count: yours })} y esa persona ${amount({ unit, count: theirs })}.`,
    inviter: ({ unit, count }) =>
      `Envía tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, tendrás ${amount({ unit, count })}.`,
    guest: ({ unit, count }) =>
      `Envía tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, tendrá ${amount({ unit, count })}.`,
    newcomer: ({ unit, count }) => `${amount({ unit, count })} para ti con tu primer pedido.`,
    forInviter: ({ unit, count }) => `Con tu primer pedido recibe ${amount({ unit, count })}.`,
    from: ({ amount: money }) => `Cuenta desde ${money}, sin impuestos.`,
    cap: ({ count }) => `Hasta ${count} personas al mes.`,
  },
  mine: {
    title: 'Trae a alguien',
    link: 'Tu enlace personal',
    copy: 'Copiar el enlace',
    copied: 'El enlace está copiado.',
    share: 'Compartir',
    mail: 'Enviar por correo',
    shareText: ({ business }) =>
      `Me gusta ir a ${business}. Ven tú también: con este enlace ganamos los dos.`,
    picture: 'Mostrarlo como imagen',
    pictureOf: ({ link }) => `Un código QR que lleva a ${link}`,
    none: 'Todavía no ha venido nadie con tu enlace.',
    came: ({ came, bought }) =>
      `${plural('es', came, { one: 'Ha venido una persona con tu enlace', other: `Han venido ${came} personas con tu enlace` })}; ${plural('es', bought, { one: 'una ha comprado algo', other: `${bought} han comprado algo` })}.`,
  },
  invited: {
    title: ({ name, business }) => `${name} te invita a ${business}`,
    signUp: 'Crear una cuenta',
    look: 'Mirar primero',
    later: 'Recordamos durante treinta días quién te ha traído.',
    accept: 'Aceptar la invitación',
    yours: 'A tu tarjeta',
    done: 'Te damos la bienvenida. Hemos anotado quién te ha traído.',
  },
  kept: {
    title: 'Quién trajo a quién',
    text: 'Quienes se registraron con el enlace personal de un socio. Los dos reciben lo suyo cuando se paga el primer pedido, y lo pierden si ese pedido se devuelve.',
    came: 'Vinieron con un enlace',
    bought: 'Se hicieron clientes',
    boughtNote: 'con un primer pedido pagado',
    inviters: 'Personas que trajeron a alguien',
    none: 'Todavía no ha venido nadie con un enlace personal.',
    newcomer: 'Persona nueva',
    inviter: 'La trajo',
    since: 'Desde',
    order: 'Primer pedido',
    notYet: 'Todavía no',
    back: 'Devuelto',
    toInviter: 'Para quien la trajo',
    toNewcomer: 'Para la persona nueva',
  },
  form: {
    title: 'Por traer a alguien',
    inviter: 'Para quien trae',
    newcomer: 'Para la persona nueva',
    pointsHint: 'Nada en los dos: no se pide a nadie.',
    min: ({ currency }) => `Primer pedido desde (${currency})`,
    minHint: 'Sin impuestos.',
    cap: 'Personas nuevas que cuentan al mes',
    capHint: 'Por cada persona que trae. Vacío: todas.',
  },
};
