import { setTimeout as delay } from 'node:timers/promises';
import { type Child } from './child.ts';
import { complaint, launch, type PartSpec } from './launch.ts';

export interface Part<Ready> {
  name: string;
  ready: Ready;
  /** Ends it by the given signal, as a crash would, and waits until its successor answers. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it in good order and starts it again. */
  restart(): Promise<void>;
}

export interface Supervisor {
  /** Starts a part; throws with the end of its log when it does not come up. From then on it is kept running. */
  run<Ready>(spec: PartSpec<Ready>): Promise<Part<Ready>>;
  /** Stops all parts, layer by layer. */
  stop(): Promise<void>;
  /** Rejects when a part cannot be kept running. Everything is stopped by then. */
  failed: Promise<never>;
  /** The parts that ended without having been asked to, and how. */
  crashes(): string[];
}

/** More deaths than this within the window, and the part is given up. */
const lives = 5;
const livesWindow = 60_000;

interface Kept {
  spec: PartSpec<unknown>;
  child: Child;
  deaths: number[];
  /** Settles when the present child answers. */
  up: Promise<unknown>;
  /** Somebody has asked the child to end, so its end is no crash. */
  asked: boolean;
}

export function createSupervisor(log: (line: string) => void): Supervisor {
  const kept: Kept[] = [];
  const crashed: string[] = [];
  let stopped: Promise<void> | null = null;
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => {});

  /** Waits for a part's end and puts another in its place, until everything is stopped. */
  async function follow(part: Kept): Promise<void> {
    for (;;) {
      const { code, signal } = await part.child.exited;
      if (stopped) return;
      const how = signal ?? `exit code ${code}`;
      const wait = part.asked ? 0 : mourn(part, how);
      if (part.deaths.length > lives) return giveUp(part, how);
      part.asked = false;
      await (part.up = replace(part, wait)).catch((error: Error) => log(error.message));
    }
  }

  /** Counts a death; answers the milliseconds to wait before the next try. */
  function mourn(part: Kept, how: string): number {
    const now = Date.now();
    part.deaths = [...part.deaths.filter((at) => now - at < livesWindow), now];
    crashed.push(`${part.spec.name}: ${how}`);
    if (part.deaths.length <= lives) log(`${part.spec.name} ended unexpectedly (${how}): starting it again`);
    return Math.min(125 * 2 ** part.deaths.length, 5_000);
  }

  async function replace(part: Kept, wait: number): Promise<void> {
    await delay(wait);
    if (stopped) return;
    const { child, up } = launch(part.spec);
    part.child = child;
    await up;
    log(`${part.spec.name} is back`);
  }

  async function giveUp(part: Kept, how: string): Promise<void> {
    part.up = Promise.reject(complaint(part.spec, `keeps ending (${how})`));
    part.up.catch(() => {});
    await stop();
    await part.up.catch((error: Error) => fail(error));
  }

  function stop(): Promise<void> {
    return (stopped ??= (async () => {
      const layers = [...new Set(kept.map(({ spec }) => spec.layer))].sort((a, b) => b - a);
      for (const layer of layers) {
        const parts = kept.filter(({ spec }) => spec.layer === layer);
        await Promise.all(parts.map(({ child, spec }) => child.stop(spec.patience)));
      }
    })());
  }

  async function end(part: Kept, how: (child: Child) => unknown): Promise<void> {
    await part.up;
    const { child } = part;
    part.asked = true;
    how(child);
    // `follow` has waited for the same end for longer, so by the time we hear of it `up` is the successor's.
    await child.exited;
    await part.up;
  }

  return {
    failed,
    stop,
    crashes: () => [...crashed],
    async run<Ready>(spec: PartSpec<Ready>) {
      if (stopped) throw new Error('stopped while starting');
      const { child, up } = launch(spec);
      const part: Kept = { spec, child, deaths: [], up, asked: false };
      kept.push(part);
      const ready = await up.catch((error: Error) => {
        kept.splice(kept.indexOf(part), 1);
        throw error;
      });
      void follow(part);
      return {
        name: spec.name,
        ready,
        kill: (signal = 'SIGKILL') => end(part, (now) => now.signal(signal)),
        restart: () => end(part, (now) => void now.stop(spec.patience)),
      };
    },
  };
}
