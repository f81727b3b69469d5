import type { MessagesPatch } from '../index.ts';

export const members: NonNullable<MessagesPatch['members']> = {
  birthdayHint: 'Si querés. Solo usamos el día, para saludarte.',
  pronounsHint: 'Si querés, por ejemplo ella.',
  you: 'vos',
  family: {
    lead: 'Las personas para las que reservás. No necesitan cuenta propia.',
    add: 'Agregar a alguien',
    addAct: 'Agregar a tu cuenta',
    addBusy: 'Agregando…',
    added: 'Listo. De ahora en más podés reservar para esta persona.',
    removeText: ({ name }: { name: string }) =>
      `Ya no se va a reservar para ${name}. Las clases a las que fue quedan en tu historial.`,
    emergency: 'En una emergencia te llamamos primero a vos y después a tu propio contacto.',
  },
  emergency: {
    text: 'A quién llamamos si acá te pasa algo.',
    relation: 'Qué es para vos',
  },
  health: {
    withdraw: 'Para retirar tu acuerdo, vaciá el texto y guardá. Entonces no se conserva nada.',
  },
  reach: {
    text: 'Lo que toca a tu plata o a tu lugar llega siempre por correo. Lo demás lo decidís vos.',
  },
  waiver: {
    none: 'Acá no hay nada que firmar',
    typedName: 'Escribí tu nombre completo',
  },
  list: {
    lead: 'Todas las personas que tuvieron trato con el lugar, por nombre.',
    noneText: 'Probá con una parte del nombre, el correo o las últimas cifras del teléfono.',
  },
  page: {
    noteAdd: 'Agregar nota',
  },
  staying: {
    countingText:
      'Una visita es alguien con la entrada registrada. Si no registran entradas, puede contar todo el que tenía lugar en una clase que se dio.',
    counts: 'No registramos entradas: un lugar reservado cuenta como visita',
  },
  statement: {
    lead: 'Cada crédito y cada centavo que tenés acá, tal como entró y salió.',
    none: 'Todavía no se movió nada',
    noneText: 'Cuando compres un abono o cargues tu billetera, acá queda escrito cada uso y cada devolución.',
    wallet: 'Billetera',
    movements: { pass_expired: 'Vencido', paid: 'Pagado con ella', topped_up: 'Cargada' },
  },
};
