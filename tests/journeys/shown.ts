/** What a page shows, in short: by it, a part that looks like one that was read already is not read again. */
import type { Page } from 'playwright-core';

/** As `Shown` leaves it in the page, for what runs there afterwards. */
export interface Looks {
  /** Children of the body, by what stands in them and which of it can be seen. */
  parts: Map<Element, string>;
  /** Whatever has text of its own or a field for it, by all that decides how it is painted. */
  texts: Map<Element, string>;
}

/**
 * Runs in the page. Two texts of one look differ in what they say, not in how well it can be read: they have the same colour
 * and letters, they stand in boxes painted alike, and whatever else is painted where they are is the same.
 */
function lookAround(only: 'colours' | undefined): { parts: string[]; texts: string[] } {
  /** 53 bits. */
  const hash = (text: string): string => {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  const seen = (element: Element) => element.checkVisibility({ visibilityProperty: true });

  // Where something leads to, or what is sent along unseen, is not what it looks like. An empty one stays empty.
  const addresses = / (href|src|srcset|action|value|datetime)="[^"#][^"]*"/g;
  const parts = new Map<Element, string>();
  const { lang } = document.documentElement;
  const scaling = document.querySelector('meta[name=viewport]')?.outerHTML;
  const frame = [lang, scaling, document.title !== ''].join();
  for (const part of only ? [] : document.body.children) {
    if (part.matches('script, style, template, link')) continue;
    const visible = [part, ...part.querySelectorAll('*')].map((element) => (seen(element) ? '1' : '0'));
    const apart = part.querySelector('iframe') ? Math.random() : '';
    parts.set(part, hash(frame + apart + part.outerHTML.replace(addresses, ' $1="."') + visible.join('')));
  }

  const says = (element: Element) =>
    [...element.childNodes].some(({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim());
  /** The nearest around it that cuts off what sticks out of it. */
  const cutters = new Map<Element, Element | null>();
  const cutterOf = ({ parentElement: parent }: Element): Element | null => {
    if (!parent || parent === document.body) return null;
    let found = cutters.get(parent);
    if (found === undefined) {
      found = getComputedStyle(parent).overflowX === 'visible' ? cutterOf(parent) : parent;
      cutters.set(parent, found);
    }
    return found;
  };
  /** Beside the page, too small to be seen, or scrolled out of sight: nobody has to read it there. */
  const isOut = (element: Element) => {
    const { width, height, left, right, top, bottom } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1 || right + scrollX <= 0 || bottom + scrollY <= 0) return true;
    for (let cutter = cutterOf(element); cutter; cutter = cutterOf(cutter)) {
      const box = cutter.getBoundingClientRect();
      if (right <= box.left || left >= box.right || bottom <= box.top || top >= box.bottom) return true;
    }
    return false;
  };
  /** How a box is painted; empty when nothing of it can be seen. */
  const paints = new Map<Element, string>();
  const paintOf = (element: Element): string => {
    let found = paints.get(element);
    if (found === undefined) {
      const style = getComputedStyle(element);
      const effects = [style.opacity, style.filter, style.mixBlendMode].join('|');
      const ground = [style.backgroundColor, style.backgroundImage].join('|');
      const picture = element.matches('img, svg, canvas, video, iframe, object') ? element.tagName : '';
      const plain = ground === 'rgba(0, 0, 0, 0)|none' && effects === '1|none|normal' && !picture;
      found = plain ? '' : [picture, ground, style.backgroundClip, effects].join('|');
      paints.set(element, found);
    }
    return found;
  };
  /** How the boxes are painted that it stands in, from within. */
  const under = new Map<Element, string>();
  const underneath = (element: Element): string => {
    let found = under.get(element);
    if (found === undefined) {
      const around = element.parentElement ? underneath(element.parentElement) : '';
      found = paintOf(element) ? `${paintOf(element)}>${around}` : around;
      under.set(element, found);
    }
    return found;
  };
  const everything = [...document.body.querySelectorAll('*')].filter(seen);
  const boxes = everything
    .filter((element) => paintOf(element) !== '' && !element.matches('svg *'))
    .map((element) => ({ element, box: element.getBoundingClientRect() }));
  /** What else is painted where it is: neither around it nor in it. */
  const strangers = (element: Element): string => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return boxes
      .filter(({ box }) => box.left < right && box.right > left && box.top < bottom && box.bottom > top)
      .filter(({ element: other }) => !other.contains(element) && !element.contains(other))
      .map(
        ({ element: other }) =>
          `${other.classList.value}:${paintOf(other)}:${getComputedStyle(other).zIndex}`,
      )
      .join();
  };
  const lookOf = (element: Element): string => {
    const style = getComputedStyle(element);
    const { parentElement: parent } = element;
    // A link among words stands out by more than its colour; how the words look counts too.
    const words = parent && [
      says(parent),
      parent.parentElement && says(parent.parentElement),
      getComputedStyle(parent).color,
    ];
    const own = [
      style.color,
      style.webkitTextFillColor,
      style.fontSize,
      style.fontWeight,
      style.fontStyle,
      style.textShadow,
    ];
    const line = [style.textDecorationLine, style.borderBottomStyle, style.display];
    const off = ':disabled, [aria-disabled=true], [inert]';
    const idle = (element.closest(off) ?? element.closest('label')?.control?.closest(off)) ? 'idle' : '';
    const kind = element.matches('a, input, select, textarea') ? element.tagName : '';
    return hash([kind, idle, ...own, ...line, words, underneath(element), strangers(element)].join(';'));
  };
  const shows = ['hidden', 'range', 'color', 'checkbox', 'radio', 'image'].map(
    (type) => `:not([type=${type}])`,
  );
  const fields = `input${shows.join('')}, select, textarea`;
  const texts = new Map<Element, string>();
  for (const element of everything)
    if ((says(element) || element.matches(fields)) && !isOut(element)) texts.set(element, lookOf(element));
  Object.assign(window, { looks: { parts, texts } });
  return { parts: [...new Set(parts.values())], texts: [...new Set(texts.values())] };
}

/** The looks of everything on the page at its present size and in its present colours; of texts only when told so. */
export const shownOn = (page: Page, only?: 'colours'): Promise<{ parts: string[]; texts: string[] }> =>
  page.evaluate(lookAround, only);
