import type { MessagesPatch } from '../../index.ts';

export const desk: NonNullable<MessagesPatch['refusals']> = {
  check_in_reused: 'Esta llegada ya se envió para otra persona. Tocala otra vez, por favor.',
  signed_in_as_another:
    'Ahora hay otra sesión iniciada acá. Lo anotado se envía cuando vuelva a entrar quien lo anotó.',
  class_costs_nothing: 'Este taller no cuesta nada, así que no hace falta un bono.',
  not_on_roster: 'Este lugar se canceló o se liberó mientras tanto.',
  on_roster_already: ({ name }) => `${name ?? 'Esta persona'} ya tiene lugar en este taller.`,
  member_known: ({ name }) =>
    `Esta dirección es de ${name ?? 'alguien que ya viene'}. Buscala por su nombre.`,
};
