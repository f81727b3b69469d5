import type { progress as source } from '../../en/refusals/progress.ts';

export const progress: typeof source = {
  goal_unknown: 'Contamos clases o minutos.',
  goal_out_of_range: 'Una meta son de 1 a 14 clases, o de 15 a 1500 minutos por semana.',
  goal_not_found: 'No hay ninguna meta que dejar.',
};
