export interface TapTest {
  name: string;
  ok: boolean;
  /** What pgTAP said about a failure; '' when there is nothing to say. */
  diagnostics: string;
  skipped: boolean;
}

/** Reads the Test Anything Protocol as pgTAP writes it. What is planned and missing, or breaks off, is a failed test. */
export function readTap(lines: string[]): TapTest[] {
  const tests: TapTest[] = [];
  let planned: number | null = null;
  let bailed: string | null = null;
  for (const line of lines) {
    const plan = /^1\.\.(\d+)/.exec(line);
    const test = /^(not )?ok \d+(?: - )?(.*)$/.exec(line);
    if (plan) planned = Number(plan[1]);
    else if (line.startsWith('Bail out!')) bailed = line.slice('Bail out! '.length);
    else if (test) tests.push(readTest(test[1] === undefined, test[2] ?? ''));
    else if (line.startsWith('#') && tests.at(-1) && !line.startsWith('# Looks like')) {
      const last = tests.at(-1)!;
      last.diagnostics = [last.diagnostics, line.replace(/^# ?/, '')].filter(Boolean).join('\n');
    }
  }
  if (bailed !== null) tests.push(failed('runs to its end', bailed));
  else if (planned === null) tests.push(failed('says how many tests it has', 'There is no plan.'));
  else if (planned !== tests.length) {
    tests.push(failed('runs the tests it planned', `${planned} were planned, ${tests.length} ran.`));
  }
  return tests;
}

function readTest(passed: boolean, text: string): TapTest {
  const [, name, directive] = /^(.*?)(?:\s*# ((?:SKIP|TODO)\b.*))?$/is.exec(text)!;
  // A failure under TODO is expected; it is reported as not run.
  const skipped = directive !== undefined;
  return { name: name || directive || '', ok: passed || skipped, diagnostics: '', skipped };
}

const failed = (name: string, diagnostics: string): TapTest => ({
  name,
  ok: false,
  diagnostics,
  skipped: false,
});
