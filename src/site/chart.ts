/** The geometry of the charts the server draws: no library, no script in the page. */

/** Round values from zero to at least `highest`: 0, 5, 10, 15. Never fewer than two, steps of 1, 2 or 5 times ten. */
export function ticks(highest: number, count = 4): number[] {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  bottom: number;
  top: number;
}

/** Where each value stands: the middle of its column, the width of its bar, and its height above the base line. */
export function place(values: number[], top: number, frame: Frame): { x: number; y: number; bar: number }[] {
  const column = (frame.width - frame.left) / Math.max(1, values.length);
  const room = frame.height - frame.bottom - frame.top;
  return values.map((value, i) => ({
    x: round(frame.left + column * (i + 0.5)),
    y: round(frame.height - frame.bottom - (Math.max(0, value) / top) * room),
    bar: round(Math.min(48, column * 0.62)),
  }));
}

/** What the marks of an axis take up beside it, at the size they are written in on a phone. */
export const roomFor = (marks: string[]): number => 8 + Math.max(4, ...marks.map((mark) => mark.length)) * 12;

const round = (value: number): number => Math.round(value * 10) / 10;

/** An SVG path through points. */
export const path = (points: { x: number; y: number }[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');

/** Which labels to write when they cannot all stand: the first, then every nth. */
export const shownLabels = (count: number, most: number): ((index: number) => boolean) => {
  const every = Math.max(1, Math.ceil(count / most));
  return (index) => index % every === 0;
};
