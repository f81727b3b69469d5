import type { desk as source } from '../../en/refusals/desk.ts';

export const desk: typeof source = {
  check_ins_invalid: 'Estas llegadas no se pueden leer.',
  check_in_reused: 'Esta llegada ya se envió para otra persona. Tócala otra vez, por favor.',
  signed_in_as_another:
    'Ahora hay otra sesión iniciada aquí. Lo anotado se envía cuando vuelva a entrar quien lo anotó.',
  check_in_too_early: 'La lista se abre el día de la clase.',
  check_in_too_late: 'El día de esta clase ya pasó y su lista está cerrada.',
  absent_too_early: 'La clase no ha empezado, así que todavía no falta nadie.',
  not_on_roster: 'Esta plaza se canceló o se liberó mientras tanto.',
  on_roster_already: ({ name }) => `${name ?? 'Esta persona'} ya tiene plaza en esta clase.`,
  person_busy: 'Esta persona tiene otra clase a esa hora.',
  pack_once_each: 'Ya tuvo este bono, y solo se puede comprar una vez.',
  pack_first_timers_only: 'Este bono es para quien viene por primera vez.',
  pack_not_theirs: 'Este bono no se comparte: solo puede usarlo quien lo compra.',
  class_costs_nothing: 'Esta clase no cuesta nada, así que no hace falta un bono.',
  booking_settings_invalid: 'Alguno de estos números u horas no es válido.',
  member_known: ({ name }) =>
    `Esta dirección es de ${name ?? 'alguien que ya viene'}. Búscala por su nombre.`,
};
