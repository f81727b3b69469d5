import type { MessagesPatch } from '../index.ts';

export const progress: NonNullable<MessagesPatch['progress']> = {
  noneText: 'Cuando hayas venido a una clase, vas a ver acá cada cuánto venís y lo que va sumando.',
  goal: {
    onCourse: 'Con lo que tenés reservado llegás.',
    nudge: 'Escríbanme el jueves a la tarde si la semana se queda corta',
    nudgeHint: 'Como mucho una vez por semana, y no si llegás con lo reservado.',
  },
};
