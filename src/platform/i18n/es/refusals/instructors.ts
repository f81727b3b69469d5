import type { instructors as source } from '../../en/refusals/instructors.ts';

export const instructors: typeof source = {
  not_an_instructor:
    'Tu cuenta todavía no está enlazada con un perfil de profesor. La dirección puede enlazarla.',
  instructor_not_found: 'No encontramos a este profesor.',
  instructor_unknown: 'Elige a uno de los profesores.',
  class_type_unknown: 'Elige una de las clases.',
  instructor_slug_invalid: 'Minúsculas, números y guiones; al menos dos.',
  instructor_slug_taken: 'Esta dirección ya está ocupada.',
  user_not_staff: 'Esta persona no es del equipo.',
  user_linked_before: 'Esta persona ya está enlazada con otro perfil.',
  hours_invalid: 'Estas horas no parecen correctas.',
  reason_too_long: 'Como mucho 500 caracteres.',

  time_off_invalid: 'Una ausencia termina después de empezar y dura como mucho un año.',
  time_off_past: 'Estos días ya han pasado.',
  time_off_overlaps: 'Ya hay una ausencia en alguno de estos días.',
  time_off_not_found: 'No encontramos esta ausencia.',
  time_off_decided: 'Esto ya está decidido.',
  time_off_over: 'Esta ausencia ya ha terminado.',

  instructor_not_qualified: 'Este profesor no puede dar esta clase.',
  instructor_away: 'Este profesor está ausente en ese momento.',
  outside_hours: 'Esta persona no trabaja a esa hora.',
  instructor_busy: 'Este profesor tiene otra clase a esa hora.',
  substitute_asked_before: 'Ya se busca sustituto para esta clase.',
  substitution_not_found: 'No encontramos esta petición.',
  own_substitution: 'Esta clase ya es suya.',
  substitution_taken: 'Alguien ha sido más rápido: la clase ya tiene profesor.',
  substitution_closed: 'Esta clase ya no necesita sustituto.',
  substitution_head_start:
    'Hay colegas con preferencia que pueden responder antes. Se abre para ti más tarde.',
  substitution_turned_down: 'Esta clase se ha resuelto de otra manera. Gracias por ofrecerte.',
  substitution_not_waiting: 'No hay nadie por confirmar para esta clase.',

  pay_period_invalid: 'Un periodo termina después de empezar y dura como mucho 93 días.',
  pay_period_not_over: 'Estos días aún no han terminado.',
  pay_period_closed: 'Una parte de estos días ya está cerrada.',
  pay_period_out_of_order:
    'Ya hay un periodo posterior cerrado. Lo que falta viene como ajuste en el siguiente.',
  pay_period_empty: 'En estos días no hay nada que cerrar.',
  pay_rule_overlaps:
    'Una versión para el mismo profesor y la misma clase empieza ese día o después. Elige un día posterior.',
  pay_rule_date_invalid: 'Elige un día entre hace un año y dentro de dos.',
  pay_rule_not_found: 'No encontramos esta regla.',
  pay_rule_ended: 'Para entonces esta regla ya ha terminado.',
  pay_amount_invalid: 'Esto no es un importe.',
  pay_tiers_invalid:
    'Cada tramo empieza por encima de más personas que el anterior, y ningún importe es negativo.',
  pay_cap_below_base: 'El máximo es menor que el fijo.',

  calendar_kind_unknown: 'No conocemos este tipo de calendario.',
  calendar_not_found: 'No encontramos esta dirección.',
  calendars_full: 'Ya hay diez direcciones. Retira antes alguna.',
};
