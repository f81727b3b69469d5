import type { work as source } from '../../en/mail/work.ts';

export const work: typeof source = {
  substitute_wanted: {
    subject: ({ what, when }) => `¿Puedes dar ${what}, ${when}?`,
    title: 'Se busca sustitución',
    text: ({ teacher }) => `${teacher} no puede dar esta clase. Tú podrías, y a esa hora estás libre.`,
    note: ({ teacher, note }) => `${teacher} añade: ${note}`,
    until: ({ until }) => `Responde antes del ${until}. Se la queda la primera persona que acepte.`,
    first: 'Se la queda la primera persona que acepte.',
    button: 'Verla',
  },
  substitute_found: {
    subject: ({ who, what, when }) => `${who} da ${what}, ${when}`,
    title: 'Sustitución resuelta',
    text: ({ who, teacher }) =>
      `${who} da esta clase en lugar de ${teacher}. El horario y quienes reservaron ya lo saben.`,
    button: 'Ver tus clases',
  },
};
