/** Letters to those who teach, by kind. */
export const work = {
  substitute_wanted: {
    subject: ({ what, when }: { what: string; when: string }) => `Can you teach ${what}, ${when}?`,
    title: 'A substitute is wanted',
    text: ({ teacher }: { teacher: string }) =>
      `${teacher} cannot teach this class. You could, and you are free then.`,
    note: ({ teacher, note }: { teacher: string; note: string }) => `${teacher} adds: ${note}`,
    until: ({ until }: { until: string }) => `Please answer until ${until}. The first to accept gets it.`,
    first: 'The first to accept gets it.',
    button: 'Look at it',
  },
  substitute_found: {
    subject: ({ who, what, when }: { who: string; what: string; when: string }) =>
      `${who} teaches ${what}, ${when}`,
    title: 'A substitute is found',
    text: ({ who, teacher }: { who: string; teacher: string }) =>
      `${who} teaches this class in place of ${teacher}. The timetable and everybody who booked know already.`,
    button: 'See your classes',
  },
};
