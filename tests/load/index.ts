import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../local/parts/root.ts';
import { type Bench, type Figure, type Measurement } from './measure.ts';
import type { ByPart } from './processes.ts';

/** Not measurements themselves. */
const others = ['index.ts', 'measure.ts', 'processes.ts', 'week.ts'];

/** Every file of this folder that exports a measurement, in order. */
export async function findMeasurements(only: string[]): Promise<Measurement[]> {
  const files = (await readdir(import.meta.dirname)).filter(
    (file) => file.endsWith('.ts') && !others.includes(file),
  );
  const found: Measurement[] = [];
  for (const file of files) {
    const { default: measurement } = (await import(`./${file}`)) as { default?: Measurement };
    if (measurement) found.push(measurement);
  }
  const unknown = only.filter((name) => !found.some((measurement) => measurement.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `No measurement "${unknown.join('", "')}". There are: ${found.map(({ name }) => name).join(', ')}.`,
    );
  }
  return found
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.name.localeCompare(b.name));
}

export interface Measured extends Figure {
  group: string;
}

/** Runs them one after the other: two at once would measure each other. */
export async function runMeasurements(measurements: Measurement[], bench: Bench): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const { name, run } of measurements) {
    bench.say(name);
    for (const figure of await run(bench)) {
      all.push({ group: name, ...figure });
      bench.say(`  ${figure.what}: ${Math.round(figure.perSecond)}/s, p95 ${figure.p95.toFixed(1)} ms`);
    }
  }
  return all;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const fine = (value: number) => value.toFixed(value < 10 ? 2 : 1);

/** What one act costs, the dearest part first; what is less than a hundredth of a millisecond is left out. */
const cpuOf = (cpu: ByPart): string =>
  Object.entries(cpu)
    .filter(([, ms]) => ms >= 0.01)
    .sort(([, a], [, b]) => b - a)
    .map(([part, ms]) => `${part} ${ms.toFixed(2)}`)
    .join(', ');

/** The figures as aligned text, one line each. */
export function table(figures: Measured[]): string {
  const head = ['', 'clients', 'per s', 'p50 ms', 'p95 ms', 'p99 ms', 'errors', 'ceiling per s', 'of it'];
  const rows = figures.map(
    ({ group, what, clients, perSecond, p50, p95, p99, errors, ceiling, cpu, note }) => ({
      cells: [
        `${group}: ${what}`,
        String(clients),
        whole(perSecond),
        fine(p50),
        fine(p95),
        fine(p99),
        String(errors),
        ceiling === undefined ? '' : whole(ceiling),
        ceiling === undefined ? '' : `${Math.round((100 * perSecond) / ceiling)} %`,
      ],
      note: [note, cpu && cpuOf(cpu)].filter(Boolean).join('  '),
    }),
  );
  const lines = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const write = (cells: string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [write(head), ...rows.map(({ cells, note }) => write(cells) + (note ? `  ${note}` : ''))].join('\n');
}

export async function save(result: object): Promise<string> {
  const file = join(root, '.local/bench.json');
  await mkdir(join(root, '.local'), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
