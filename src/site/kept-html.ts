/**
 * HTML that everybody is shown alike, kept with the object it is made from: as long as that object is in use so is its
 * HTML, and when it goes, that goes too. What belongs to one person is an object of their own (their row, their order),
 * so that nobody can be shown another's.
 */
const kept = new WeakMap<object, Map<string, Promise<string>>>();
/** Of one object. Addresses are among what HTML depends on, and there is no end of those. */
const most = 100;

/** `as`: what else it depends on. HTML that brings a script is not kept: a page says each script once, wherever it comes first. */
export function keptHtml(of: object, as: string, render: () => Promise<string>): Promise<string> {
  let known = kept.get(of);
  if (!known) kept.set(of, (known = new Map()));
  const found = known.get(as);
  if (found) return found;
  if (known.size >= most) known.clear();
  const rendering = render();
  known.set(as, rendering);
  const forget = () => known.get(as) === rendering && known.delete(as);
  rendering.then((html) => html.includes('<script') && forget(), forget);
  return rendering;
}
