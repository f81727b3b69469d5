// What runs inside a child that is one part of the stack.

export interface RunningPart {
  /** What the parent is told once the part answers. */
  ready: object;
  stop(): Promise<void>;
  /** Settles when the part has broken down by itself. */
  exited?: Promise<unknown>;
}

/**
 * Takes its options from the parent's first message, tells the parent when it is ready, and stops in good
 * order when asked. A part that breaks down ends the process: the parent starts it again.
 */
export function runPart<Options>(start: (options: Options) => Promise<RunningPart>): void {
  let asked = false;
  const running = new Promise<Options>((resolve) => process.once('message', resolve)).then(start);

  const stop = async () => {
    if (asked) return;
    asked = true;
    await (await running).stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  void running.then(async (part) => {
    if (asked) return;
    process.send?.(part.ready);
    if (!part.exited) return;
    await part.exited.catch((error: unknown) => console.error(error));
    if (!asked) process.exit(1);
  });
}

/** A part that had to move to another port would be back where nobody looks for it; so it ends, and is tried again. */
export async function sameAddress(
  url: string,
  port: number | undefined,
  stop: () => Promise<void>,
): Promise<void> {
  if (port === undefined || Number(new URL(url).port) === port) return;
  await stop();
  throw new Error(`port ${port} is taken`);
}
