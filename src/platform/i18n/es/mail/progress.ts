import { plural } from '../../plural.ts';
import type { progress as source } from '../../en/mail/progress.ts';

export const progress: typeof source = {
  goal_nudge: {
    subject: ({ left }) => plural('es', left, { one: 'Falta una clase', other: `Faltan ${left} clases` }),
    subjectMinutes: ({ left }) =>
      plural('es', left, { one: 'Falta un minuto', other: `Faltan ${left} minutos` }),
    title: 'Vas por buen camino',
    week: ({ done, target }) => `${done} de ${target} clases esta semana.`,
    month: ({ done, target }) => `${done} de ${target} clases este mes.`,
    minutes: ({ done, target }) => `${done} de ${target} minutos hasta ahora.`,
    days: ({ count }) =>
      plural('es', count, {
        zero: 'Hoy es el último día.',
        one: 'Queda 1 día.',
        other: `Quedan ${count} días.`,
      }),
    button: 'Buscar una clase',
  },
  milestone: {
    classes: ({ count }) => plural('es', count, { one: 'Tu primera clase', other: `${count} clases` }),
    weeks: ({ count }) =>
      plural('es', count, { one: '1 semana seguida', other: `${count} semanas seguidas` }),
    minutes: ({ count }) =>
      plural('es', count, { one: '1 minuto de práctica', other: `${count} minutos de práctica` }),
    style: ({ style }) => `Tu primera clase de ${style}`,
    title: 'Mira todo lo que llevas',
    text: ({ reached }) => `${reached}. Nos alegra haber estado ahí.`,
    button: 'Ver tu progreso',
  },
};
