import type { MessagesPatch } from '../../index.ts';
import { textOf } from '../../clash.ts';
import { plural } from '../../plural.ts';

const people = (count: number): string =>
  plural('es', count, { one: '1 persona', other: `${count} personas` });

export const schedule: NonNullable<MessagesPatch['refusals']> = {
  picture_unreadable: 'Elegí una imagen: un archivo PNG, JPEG o WebP.',
  picture_too_big: 'Esta imagen pasa de 2 MB. Elegí una más chica.',
  picture_alt_needed: 'Decí en pocas palabras qué se ve en la imagen.',
  style_not_found: 'Elegí uno de los estilos, por favor.',
  room_not_found: 'Elegí una de las salas, por favor.',
  instructor_not_found: 'Elegí a alguien del equipo, por favor.',
  spots_fewer_than_places: ({ spots, places }) =>
    `El plano tiene ${spots ?? 0} lugares para ${people(places ?? 0)}. Agregá lugares o bajá el cupo de la sala.`,
  spots_in_use: ({ people: count }) =>
    `${plural('es', count ?? 0, { one: '1 persona eligió', other: `${count ?? 0} personas eligieron` })} un lugar que ya no estaría. Marcá la casilla para que vuelvan a elegir.`,
  spot_taken: 'Alguien acaba de tomar este lugar. Elegí otro, por favor.',
  capacity_above_room: ({ room, places }) =>
    `En ${textOf(room, 'la sala')} entran como mucho ${people(places ?? 0)}.`,
  nothing_to_change: 'No cambiaría nada. Elegí otra hora, sala, docente, precio o cantidad de lugares.',
  session_has_bookings: ({ taken }) =>
    `${plural('es', taken ?? 0, { one: '1 persona reservó', other: `${taken ?? 0} personas reservaron` })} ese día. Mejor cancelá la clase: así todos se enteran y recuperan lo suyo.`,
  weekday_needed: 'Elegí al menos un día de la semana.',
};
