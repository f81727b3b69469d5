import type { members as source } from '../en/members.ts';

export const members: typeof source = {
  birthday: 'Cumpleaños',
  birthdayHint: 'Si quieres. Solo usamos el día, para felicitarte.',
  family: {
    nav: 'Familia',
    title: 'Tu familia',
    lead: 'Las personas para las que reservas. No necesitan cuenta propia.',
    you: 'tú',
    born: ({ day }: { day: string }) => `Nació el ${day}`,
    addText: 'Añade a un hijo o a cualquier otra persona para la que reserves clases.',
    add: 'Añadir a alguien',
    addAct: 'Añadir a tu cuenta',
    addBusy: 'Añadiendo…',
    added: 'Hecho. A partir de ahora puedes reservar para esta persona.',
    name: 'Su nombre completo',
    edit: 'Cambiar',
    editLabel: ({ name }: { name: string }) => `Cambiar los datos de ${name}`,
    save: 'Guardar',
    saveBusy: 'Guardando…',
    saved: 'Guardado.',
    remove: 'Quitar de tu cuenta',
    removeText: ({ name }: { name: string }) =>
      `Ya no se reservará para ${name}. Las clases a las que ha ido se quedan en tu historial.`,
    removeAct: 'Quitar',
    removed: 'Ya no está en tu cuenta.',
  },
};
