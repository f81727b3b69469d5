import type { MessagesPatch } from '../index.ts';

export const members: NonNullable<MessagesPatch['members']> = {
  birthdayHint: 'Si querés. Solo usamos el día, para saludarte.',
  family: {
    lead: 'Las personas para las que reservás. No necesitan cuenta propia.',
    you: 'vos',
    addText: 'Agregá a un hijo o a cualquier otra persona para la que reserves clases.',
    add: 'Agregar a alguien',
    addAct: 'Agregar a tu cuenta',
    addBusy: 'Agregando…',
    added: 'Listo. De ahora en más podés reservar para esta persona.',
    removeText: ({ name }: { name: string }) =>
      `Ya no se va a reservar para ${name}. Las clases a las que fue quedan en tu historial.`,
  },
};
