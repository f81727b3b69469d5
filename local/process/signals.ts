/** Set once this process was asked to stop. */
export interface Stopping {
  begun: boolean;
}

/**
 * Runs `stop` at the first Ctrl-C, SIGTERM or SIGHUP and then ends this process; a second one, a good while later,
 * ends it at once (its children notice). Ends with 0 unless told otherwise: being stopped is no failure.
 */
export function onStop(stop: () => Promise<void>, exitCode = 0): Stopping {
  const stopping = { begun: false };
  let since = 0;
  const act = () => {
    if (!stopping.begun) {
      stopping.begun = true;
      since = performance.now();
      void stop().then(
        () => process.exit(exitCode),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
      // The same Ctrl-C may arrive more than once: from the terminal, and passed on by npm.
    } else if (performance.now() - since > 1_000) process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, act);
  // A terminal or pipe that has gone away must not break the stopping itself.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return stopping;
}
