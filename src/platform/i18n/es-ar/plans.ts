import type { MessagesPatch } from '../index.ts';
import { plural } from '../plural.ts';

export const plans: NonNullable<MessagesPatch['plans']> = {
  lead: 'Para venir de vez en cuando o todo el tiempo. Lo que elijas paga tus clases solo, al reservar.',
  membershipsText: 'Tu propio ritmo. Se renuevan solas y podés terminarlas cuando quieras.',
  noneText: 'Podés reservar y pagar cada clase por separado.',
  single: '¿Preferís ir clase a clase? Cada una tiene su precio en el horario.',
  validEver: 'No vence',
  shareable: 'Podés traer a quien quieras con él',
  ends: 'Terminala cuando quieras, con el período ya pagado',
  notForYou: 'Este es para quien todavía no vino. Vos ya sos de la casa, y nos alegra.',
  had: 'Este ya lo tuviste.',
  have: 'Ya tenés esta suscripción.',
  buy: 'Agregar al carrito',
  buyLabel: ({ plan }) => `Agregar ${plan} al carrito`,
  cart: { topUp: 'Para tu billetera' },
  passes: {
    none: 'Todavía no tenés bonos',
    unused: 'Ninguna clase todavía. Acá vas a ver cada una que reserves con él.',
    ever: 'No vence',
    states: { over: 'Gastado o vencido' },
  },
  membership: {
    cancelText: ({ date }) =>
      `Sigue abierta hasta el ${date} y no se cobra nada más. Hasta entonces podés cambiar de idea.`,
  },
  freeze: {
    lead: 'Unas vacaciones, un tobillo torcido, un mes sin tiempo: elegí los días, mirá qué cambia y decidí después.',
    untilHint: 'El primer día en que podés volver.',
    rules: {
      shift:
        'Lo que pagaste te espera: dura más, tantos días como la pausa, y el próximo cobro se mueve otro tanto.',
    },
    paid: 'Lo que pagaste dura hasta',
    early: 'Podés volver antes cuando quieras. Entonces solo cuentan los días que de verdad descansó.',
  },
  change: {
    now: ({ plan }) => `Ahora tenés ${plan}.`,
    choose: '¿Qué preferís?',
    period: ({ plan, date }) => `${plan}, un período entero hasta el ${date}`,
    atOnce: 'Ya, y el resto de este período por días',
    credits:
      'Las clases que te quedan se mantienen, y recibís lo que la nueva tiene de más por el resto del período.',
    done: ({ plan }) => `Ahora tenés ${plan}.`,
  },
  kept: {
    lead: 'Lo que vendés para muchas clases a la vez. Quien ya compró algo conserva sus condiciones cuando las cambiás.',
    noneText: 'Un bono de diez, una suscripción mensual: crealo, miralo y publicalo.',
    made: 'Creado. Miralo otra vez y ponelo a la venta.',
    validHint: 'Vacío: no vence.',
    trialHint: 'O prueba, o precio de bienvenida; no las dos.',
    introPeriods: 'Durante cuántos períodos',
    creditsEach: 'Clases por período',
    rolloverHint: 'Como mucho estas, al período siguiente.',
    keeps: ({ count }) =>
      plural('es', count, {
        one: 'Una persona lo tiene. Si cambiás las condiciones conserva las suyas: las nuevas son para quien compre desde ahora.',
        other: `${count} personas lo tienen. Si cambiás las condiciones conservan las suyas: las nuevas son para quien compre desde ahora.`,
      }),
    refundWay: {
      stripe: 'La plata vuelve a la tarjeta con la que se pagó.',
      wallet: 'La plata vuelve a su billetera.',
      cash: 'Sacá la plata de la caja.',
      terminal: 'Devolvela en el posnet.',
    },
  },
  wallet: {
    title: 'Tu billetera',
    lead: 'La plata que tenés acá. Paga clases, bonos y café sin tarjeta.',
    balance: 'En tu billetera',
    topUp: 'Recargala',
    topUpText: 'Elegí un importe. Lo pagás con tarjeta al terminar la compra.',
    add: ({ amount }) => `Agregar ${amount}`,
    none: 'Todavía nada. Acá vas a ver lo que pongas y lo que pagues con ella.',
  },
};
