import type { MessagesPatch } from '../../index.ts';

export const instructors: NonNullable<MessagesPatch['refusals']> = {
  instructor_unknown: 'Elegí a uno de los profesores.',
  class_type_unknown: 'Elegí una de las clases.',
  time_off_past: 'Estos días ya pasaron.',
  time_off_over: 'Esta ausencia ya terminó.',
  substitution_taken: 'Alguien fue más rápido: la clase ya tiene profesor.',
  substitution_head_start:
    'Hay colegas con preferencia que pueden responder antes. Se abre para vos más tarde.',
  substitution_turned_down: 'Esta clase se resolvió de otra manera. Gracias por ofrecerte.',
  pay_period_not_over: 'Estos días todavía no terminaron.',
  pay_rule_overlaps:
    'Una versión para el mismo profesor y la misma clase empieza ese día o después. Elegí un día posterior.',
  pay_rule_date_invalid: 'Elegí un día entre hace un año y dentro de dos.',
  pay_rule_ended: 'Para entonces esta regla ya terminó.',
  calendars_full: 'Ya hay diez direcciones. Retirá antes alguna.',
};
