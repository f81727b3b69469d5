import { lastLines, startChild, type Child, type ChildOptions } from './child.ts';

export interface PartSpec<Ready> extends ChildOptions {
  name: string;
  /** Parts of a higher layer are stopped first. */
  layer: number;
  /** Milliseconds between asking it to stop and making it. */
  patience?: number;
  /** Resolves with what others need to know, once the part answers. Given up when the signal says so. */
  ready(child: Child, ended: AbortSignal): Promise<Ready>;
}

/** Milliseconds a part may take until it answers. The database's first start is the slowest. */
const startLimit = 120_000;

/** A message about a part with the end of what it logged. */
export function complaint(spec: PartSpec<unknown>, what: string): Error {
  const log = spec.output === 'terminal' ? '' : lastLines(spec.output.file);
  return new Error(`${spec.name} ${what}${log && `; the end of its log:\n${log.replace(/^/gm, '    ')}`}`);
}

/** Starts a part's process; `up` settles when it answers, or with the reason why it does not. */
export function launch<Ready>(spec: PartSpec<Ready>): { child: Child; up: Promise<Ready> } {
  const child = startChild(spec);
  return { child, up: comeUp(spec, child) };
}

async function comeUp<Ready>(spec: PartSpec<Ready>, child: Child): Promise<Ready> {
  const ended = new AbortController();
  const limit = setTimeout(() => ended.abort('did not answer in time'), startLimit);
  void child.exited.then(
    ({ code, signal }) => ended.abort(`ended while starting (${signal ?? `exit code ${code}`})`),
    (error: Error) => ended.abort(`could not be started (${error.message})`),
  );
  const failure = new Promise<never>((_, reject) =>
    ended.signal.addEventListener('abort', () => reject(complaint(spec, String(ended.signal.reason)))),
  );
  failure.catch(() => {});
  try {
    return await Promise.race([spec.ready(child, ended.signal), failure]);
  } catch (error) {
    child.signal('SIGKILL');
    throw error;
  } finally {
    clearTimeout(limit);
  }
}
