import { styleText } from 'node:util';

/** Tells a person what is being done, with elapsed time; the same lines in a terminal, a pipe and a log. */
export interface Steps {
  /** Says that it begins, and how long it took when it is done; passes the result on. */
  step<Result>(text: string, act: () => Promise<Result>): Promise<Result>;
  say(text: string): void;
  elapsed(): string;
}

type Style = Parameters<typeof styleText>[0];

/** Coloured where the terminal shows colours and NO_COLOR does not forbid it. */
export const paint = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true });

export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

export function startSteps(write: (line: string) => void = (line) => console.log(line)): Steps {
  // From the moment the command was given, so that installing and loading count too.
  const begun = Number(process.env.ATRIUM_BEGUN) || performance.timeOrigin;
  const elapsed = () => seconds(begun - performance.timeOrigin);
  const at = () => paint('dim', `[${elapsed().padStart(7)}]`);
  return {
    elapsed,
    say: (text) => write(`${at()}   ${text}`),
    async step(text, act) {
      const begun = performance.now();
      write(`${at()} ${paint('cyan', '…')} ${text}`);
      try {
        const result = await act();
        write(`${at()} ${paint('green', '✓')} ${text} ${paint('dim', `(${seconds(begun)})`)}`);
        return result;
      } catch (error) {
        write(`${at()} ${paint('red', '✗')} ${text} ${paint('dim', `(${seconds(begun)})`)}`);
        throw error;
      }
    },
  };
}

/** No step is told, for tests and helpers. */
export const quietSteps: Steps = { step: (_text, act) => act(), say: () => {}, elapsed: () => '' };
