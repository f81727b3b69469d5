import type { schedule as source } from '../../en/refusals/schedule.ts';
import { textOf, whatIsOn } from '../../clash.ts';
import { plural } from '../../plural.ts';

const people = (count: number): string =>
  plural('es', count, { one: '1 persona', other: `${count} personas` });
const booked = (count: number): string =>
  plural('es', count, { one: '1 persona reservó', other: `${count} personas reservaron` });
const further = (days = 0): string =>
  days > 1 ? ` En total chocan ${days} días. Se pueden dejar fuera.` : '';

export const schedule: typeof source = {
  class_not_found: 'No encontramos esta clase.',
  slug_taken: 'Otra clase ya tiene esta dirección.',
  picture_unreadable: 'Elige una imagen: un archivo PNG, JPEG o WebP.',
  picture_too_big: 'Esta imagen pasa de 2 MB. Elige una más pequeña.',
  picture_alt_needed: 'Di en pocas palabras qué se ve en la imagen.',
  style_not_found: 'Elige uno de los estilos, por favor.',
  style_in_use: 'Hay clases de este estilo. Dales otro primero.',

  location_not_found: 'No encontramos este local.',
  room_not_found: 'Elige una de las salas, por favor.',
  instructor_not_found: 'Elige a alguien del equipo, por favor.',
  spot_map_invalid: 'Este plano no se puede dibujar: cada sitio necesita su lugar y su nombre.',
  spots_fewer_than_places: ({ spots, places }) =>
    `El plano tiene ${spots ?? 0} sitios para ${people(places ?? 0)}. Añade sitios o baja el aforo de la sala.`,
  spots_in_use: ({ people: count }) =>
    `${plural('es', count ?? 0, { one: '1 persona eligió', other: `${count ?? 0} personas eligieron` })} un sitio que ya no estaría. Marca la casilla para que vuelvan a elegir.`,
  spot_not_found: 'No hay tal sitio en esta sala.',
  spot_taken: 'Alguien acaba de tomar este sitio. Elige otro, por favor.',

  room_taken: (clash) =>
    `${textOf(clash.room, 'La sala')} tiene otra clase a esa hora: ${whatIsOn(clash, 'es', 'una clase')}.${further(clash.days)}`,
  instructor_taken: (clash) =>
    `${textOf(clash.instructor, 'Quien enseña')} ya tiene clase a esa hora: ${whatIsOn(clash, 'es', 'una clase')}.${further(clash.days)}`,
  capacity_below_bookings: (facts) =>
    `${booked(facts.taken ?? 0)} ${whatIsOn(facts, 'es', 'una clase')}: no puede haber menos plazas que eso.`,
  capacity_above_room: ({ room, places }) =>
    `En ${textOf(room, 'la sala')} caben como mucho ${people(places ?? 0)}.`,
  effect_changed:
    'Algo cambió desde que lo miraste: alguien reservó, canceló o movió una clase. Esto es lo que pasaría ahora.',
  nothing_to_change: 'No cambiaría nada. Elige otra hora, sala, docente, precio o número de plazas.',
  session_has_bookings: ({ taken }) =>
    `${booked(taken ?? 0)} ese día. Mejor cancela la clase: así todo el mundo se entera y recupera lo suyo.`,
  series_not_found: 'No encontramos esta serie.',
  series_begins_past: 'Una serie empieza hoy como pronto.',
  series_ends_past: 'Una serie termina hoy como pronto.',
  series_ends_early: 'El último día es anterior al primero.',
  series_empty: 'Entre esos dos días no cae ese día de la semana.',
  weekday_needed: 'Elige al menos un día de la semana.',
  not_a_day_of_it: 'Ese día la serie no toca de todos modos.',
};
