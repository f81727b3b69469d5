import type { MessagesPatch } from '../index.ts';

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
    ever: 'No vence',
    states: { over: 'Gastado o vencido' },
  },
  membership: {
    cancelText: ({ date }) =>
      `Sigue abierta hasta el ${date} y no se cobra nada más. Hasta entonces podés cambiar de idea.`,
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
