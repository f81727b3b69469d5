import { stopInput } from '#messages/inputs.ts';
import { say } from '#messages/post/stopping.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary:
    'By the signed link in a letter: no more of its topic, none at all but about money or a seat, or again.',
  input: stopInput,
  limit: 'write',
  act: async ({ input, locals }) => say(locals.business.id, input.token, input.wish),
  message({ wish }, { locals: { m } }) {
    const words = m.letters.stop;
    return { stop: words.stopped, stop_all: words.stoppedAll, resume: words.resumed }[wish];
  },
});
