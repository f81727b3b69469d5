import type { MessagesPatch } from '../index.ts';

export const letters: NonNullable<MessagesPatch['letters']> = {
  lead: 'Todos los correos que escribió la casa: lo enviado, lo que espera y lo que no se pudo entregar.',
  seeOf: 'Lo que le escribimos',
  none: 'Acá no hay nada',
  noneText: 'No se escribió ningún correo así. Sacá los filtros para verlos todos.',
  one: {
    copyText:
      'Los datos son los del momento en que se envió; el texto y los colores son los de hoy. Acá los enlaces no llevan a ninguna parte.',
    copyWaiting: 'Así se lee. Acá los enlaces no llevan a ninguna parte.',
    forOnce:
      'Las invitaciones y los avisos de seguridad valen para su momento y no se reenvían. Invitá de nuevo desde la página del equipo.',
    withheld: 'Antes de que saliera, su destinatario eligió no recibir correos así, y se quedó acá.',
  },
  reminders: { text: 'Para quienes no eligieron nada. Quien eligió conserva lo que eligió.' },
  stop: {
    title: 'Correos para vos',
    wanted: ({ topic }) => `Te llegan correos sobre: ${topic}.`,
    unwanted: ({ topic }) => `No te llegan correos sobre: ${topic}.`,
    nothing: 'No te llegan correos nuestros, salvo sobre tu plata o tu lugar.',
    actAllText: 'Lo que toca a tu plata o a tu lugar llega en todo caso.',
    stoppedAll: 'Hecho. Ahora solo llega lo que toca a tu plata o a tu lugar.',
    choices: 'Elegir en tu cuenta de qué te avisamos',
  },
  kinds: {
    substitute_teacher: 'Otra persona da la clase',
    waitlist_offer: 'Oferta de lugar',
    waitlist_open: 'Lista de espera: hay lugar',
    waitlist_promoted: 'Lista de espera: lugar obtenido',
    refilled: 'Lugar ocupado de nuevo',
    pass_expiring: 'Pase por vencer',
    pass_used_up: 'Pase agotado',
    substitute_wanted: 'Se busca reemplazo',
    substitute_found: 'Reemplazo encontrado',
    substitute_to_approve: 'Reemplazo por aprobar',
    substitute_turned_down: 'Reemplazo rechazado',
    substitute_nobody: 'Sin reemplazo',
    pass_given: 'Pase dado',
    pass_refunded: 'Pase devuelto',
  },
};
