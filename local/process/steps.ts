import { styleText } from 'node:util';

/** Tells a person what is being done, with elapsed time; the same lines in a terminal, a pipe and a log. */
export interface Steps {
  /** Says that it begins, and how long it took when it is done; passes the result on. */
  step<Result>(text: string, act: () => Promise<Result>): Promise<Result>;
  say(text: string): void;
  /** One line with its sign; `since` (of `performance.now()`) adds how long it took. */
  tell(sign: keyof typeof signs, text: string, since?: number): void;
  elapsed(): string;
}

type Style = Parameters<typeof styleText>[0];

/** Coloured where the terminal shows colours and NO_COLOR does not forbid it. */
export const paint = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true });

const signs = {
  none: () => ' ',
  begun: () => paint('cyan', '…'),
  good: () => paint('green', '✓'),
  bad: () => paint('red', '✗'),
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

export function startSteps(write: (line: string) => void = (line) => console.log(line)): Steps {
  // From the moment the command was given, so that installing and loading count too.
  const begun = Number(process.env.ATRIUM_BEGUN) || performance.timeOrigin;
  const elapsed = () => seconds(begun - performance.timeOrigin);
  const tell: Steps['tell'] = (sign, text, since) => {
    const took = since === undefined ? '' : paint('dim', ` (${seconds(since)})`);
    write(`${paint('dim', `[${elapsed().padStart(7)}]`)} ${signs[sign]()} ${text}${took}`);
  };
  return {
    elapsed,
    tell,
    say: (text) => tell('none', text),
    async step(text, act) {
      const since = performance.now();
      tell('begun', text);
      try {
        const result = await act();
        tell('good', text, since);
        return result;
      } catch (error) {
        tell('bad', text, since);
        throw error;
      }
    },
  };
}

/** No step is told, for tests and helpers. */
export const quietSteps: Steps = {
  step: (_text, act) => act(),
  say: () => {},
  tell: () => {},
  elapsed: () => '',
};
