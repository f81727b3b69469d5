import type { MessagesPatch } from '../index.ts';

export const notices: NonNullable<MessagesPatch['notices']> = {
  lead: 'Todo lo que te contamos, también lo que fue por correo.',
  noneText: 'Cuando cambie algo de tus talleres, lo vas a leer acá antes que nadie.',
  topics: {
    orders: { text: 'Listos para retirar, o algo que no podemos preparar' },
    waitlist: { text: 'Entrada, una oferta, un lugar, fin de la espera' },
    plans: { name: 'Pases y membresías', text: 'Empiezan, se renuevan, están por vencer, un pago que falló' },
    work: { name: 'Tu trabajo acá', text: 'Reemplazos que se buscan y se encuentran, stock que escasea' },
  },
  choices: {
    lead: 'Elegí para cada tema si querés saberlo en la web, por correo o de las dos maneras.',
    emailAlways: 'Siempre si se trata de tu plata o de tu lugar',
    essential:
      'Los correos sobre tu plata o tu lugar llegan siempre: una clase cancelada o movida, un pago que falló, un cargo, un lugar que te toca de la lista de espera.',
    notAgreed:
      'Nos dijiste que no te escribamos correos, así que solo llegan esos, esté lo que esté marcado acá.',
    saved: 'Guardado. Así te vamos a avisar desde ahora.',
  },
};
