import type { progress as source } from '../en/progress.ts';
import { plural } from '../plural.ts';

const hours = (minutes: number): string => {
  const whole = Math.floor(minutes / 60);
  if (whole === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${whole} h` : `${whole} h ${minutes % 60} min`;
};

export const progress: typeof source = {
  nav: 'Progreso',
  title: 'Tu progreso',
  titleOf: ({ name }: { name: string }) => `El progreso de ${name}`,
  lead: 'Lo que suman tus clases.',
  whose: 'De quién',
  none: 'Tu primera clase estrena esta página',
  noneText: 'Cuando hayas venido a una clase, verás aquí cada cuánto vienes y lo que va sumando.',
  hours: ({ minutes }: { minutes: number }) => hours(minutes),
  classes: ({ count }: { count: number }) =>
    plural('es', count, { zero: 'Ninguna clase', one: '1 clase', other: `${count} clases` }),
  weeks: ({ count }: { count: number }) =>
    plural('es', count, { one: '1 semana', other: `${count} semanas` }),
  totals: 'En resumen',
  total: 'Clases',
  totalNote: ({ day }: { day: string }) => `desde el ${day}`,
  time: 'Tiempo de práctica',
  timeNote: 'todas las clases juntas',
  streak: 'Seguidas',
  streakNote: ({ best }: { best: number }) =>
    plural('es', best, {
      one: 'tu mejor racha es de 1 semana',
      other: `tu mejor racha es de ${best} semanas`,
    }),
  calendar: {
    title: 'Tu año',
    lastYear: 'Los últimos doce meses',
    year: ({ year }: { year: number }) => `El año ${year}`,
    caption: 'Días con clase',
    day: ({ day, count }: { day: string; count: number }) =>
      plural('es', count, {
        zero: `${day}: ninguna`,
        one: `${day}: 1 clase`,
        other: `${day}: ${count} clases`,
      }),
    less: 'ninguna',
    more: 'tres o más',
    asTable: 'En una tabla',
    month: 'Mes',
    days: 'Días',
  },
  styles: {
    title: 'Tiempo por estilo',
    unit: 'Tiempo',
    none: 'Ninguna clase en este año.',
  },
  rhythm: {
    title: 'Semana a semana',
    unitClasses: 'Clases por semana',
    unitMinutes: 'Minutos por semana',
    met: ({ count, of }: { count: number; of: number }) =>
      `Lo lograste en ${count} de las últimas ${of} semanas.`,
  },
  milestones: {
    title: 'Hitos',
    classes: ({ count }: { count: number }) => (count === 1 ? 'Tu primera clase' : `Clase número ${count}`),
    weeks: ({ count }: { count: number }) => `${count} semanas seguidas`,
    style: ({ style }: { style: string }) => `Primera de ${style}`,
    next: ({ count, left }: { count: number; left: number }) =>
      plural('es', left, {
        one: `Una clase más y será la número ${count}.`,
        other: `${left} clases más y será la número ${count}.`,
      }),
  },
  goal: {
    title: 'Esta semana',
    aim: ({ target }: { target: string }) => `Tu meta: ${target} por semana`,
    progressClasses: ({ done, target }: { done: number; target: number }) => `${done} de ${target} clases`,
    progressMinutes: ({ done, target }: { done: number; target: number }) => `${done} de ${target} minutos`,
    met: 'Conseguido. El resto de la semana es un regalo.',
    onCourse: 'Con lo que tienes reservado llegas.',
    missing: ({ missing }: { missing: string }) => `${missing} más, hasta el domingo por la noche.`,
    find: 'Buscar una clase',
    none: 'Sin meta',
    noneText:
      'Una meta pequeña y constante hace más que una grande. Dos clases por semana es un buen comienzo.',
    set: 'Fijar una meta',
    change: 'Cambiar la meta',
    measure: 'Se cuenta en',
    measures: { classes: 'clases por semana', minutes: 'minutos por semana' },
    target: 'Cuántos',
    targetHint: 'De 1 a 14 clases, o de 15 a 1500 minutos.',
    nudge: 'Escribidme el jueves por la tarde si la semana se queda corta',
    nudgeHint: 'Como mucho una vez por semana, y no si llegas con lo reservado.',
    saved: 'Tu meta está fijada.',
    act: 'Fijar esta meta',
    end: 'Dejar la meta',
    ended: 'A partir de ahora, sin meta.',
  },
};
