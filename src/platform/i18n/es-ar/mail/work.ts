import type { MessagesPatch } from '../../index.ts';

export const work: NonNullable<NonNullable<MessagesPatch['mail']>['work']> = {
  substitute_wanted: {
    subject: ({ what, when }) => `¿Podés dar ${what}, ${when}?`,
    title: 'Se busca reemplazo',
    text: ({ teacher }) => `${teacher} no puede dar esta clase. Vos podrías, y a esa hora estás libre.`,
    note: ({ teacher, note }) => `${teacher} agrega: ${note}`,
    until: ({ until }) => `Respondé antes del ${until}. Se la queda la primera persona que acepte.`,
  },
  substitute_found: { title: 'Reemplazo resuelto' },
};
