import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../local/stripe/state/clock.ts';
import { Collection } from '../../../local/stripe/state/collection.ts';
import { Deadlines } from '../../../local/stripe/state/deadlines.ts';
import { newId, randomText } from '../../../local/stripe/state/ids.ts';
import { Lanes } from '../../../local/stripe/events/lanes.ts';

describe('a collection', () => {
  it('keeps the order in which things were made, whatever is changed or taken away', () => {
    const step = fc.record({
      act: fc.constantFrom('put' as const, 'put' as const, 'change' as const, 'delete' as const),
      id: fc.integer({ min: 0, max: 60 }).map(String),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4000, size: 'max' }), (steps) => {
        const things = new Collection<{ id: string; at: number }>('things', () => undefined);
        let model: string[] = [];
        steps.forEach(({ act, id }, at) => {
          if (act === 'delete') {
            things.delete(id);
            model = model.filter((each) => each !== id);
          } else if (act === 'put' || things.get(id)) {
            things.put({ id, at });
            if (!model.includes(id)) model.push(id);
          }
        });
        const ids = (rows: Iterable<{ id: string }>) => [...rows].map(({ id }) => id);
        expect(ids(things.values())).toEqual(model);
        expect(ids(things.newestFirst())).toEqual(model.toReversed());
        const middle = model[Math.floor(model.length / 2)];
        if (middle !== undefined) {
          const place = model.indexOf(middle);
          expect(ids(things.newestFirst(middle))).toEqual(model.slice(0, place).reverse());
          expect(ids(things.oldestFirst(middle))).toEqual(model.slice(place + 1));
        }
        expect(things.size).toBe(model.length);
      }),
      { numRuns: 60 },
    );
  });

  it('reports every change, but not what is read back from disk', () => {
    const told: string[] = [];
    const things = new Collection<{ id: string; size?: number }>('things', (name, id) =>
      told.push(`${name} ${id}`),
    );
    things.restore({ id: 'old' });
    things.put({ id: 'new' });
    things.change('old', { size: 2 });
    things.delete('new');
    things.delete('never');
    expect(told).toEqual(['things new', 'things old', 'things new']);
    expect(things.get('old')).toEqual({ id: 'old', size: 2 });
    expect(() => things.need('never')).toThrow('things has no never');
  });
});

describe('deadlines', () => {
  it('come in order of time, the earlier set first, the latest word counting', () => {
    const wish = fc.record({ key: fc.integer({ min: 0, max: 30 }), at: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 200 }), fc.integer({ min: 0, max: 60 }), (wishes, until) => {
        const ran: { key: number; at: number }[] = [];
        const deadlines = new Deadlines(undefined, () => undefined);
        const last = new Map<number, { at: number; turn: number }>();
        wishes.forEach(({ key, at }, turn) => {
          deadlines.set(String(key), at, () => ran.push({ key, at }));
          last.set(key, { at, turn });
        });
        deadlines.clear('7');
        last.delete(7);
        deadlines.runUntil(until);
        const due = [...last]
          .filter(([, { at }]) => at <= until)
          .sort(([, a], [, b]) => a.at - b.at || a.turn - b.turn)
          .map(([key, { at }]) => ({ key, at }));
        expect(ran).toEqual(due);
      }),
    );
  });

  it('go on when one of them fails', () => {
    const failed: unknown[] = [];
    const ran: string[] = [];
    const deadlines = new Deadlines(undefined, (error) => failed.push(error));
    deadlines.set('a', 1, () => {
      throw new Error('no');
    });
    deadlines.set('b', 2, () => ran.push('b'));
    deadlines.runUntil(3);
    expect(ran).toEqual(['b']);
    expect(failed).toHaveLength(1);
  });

  it('come by themselves when their time has come', async () => {
    const clock = new Clock();
    const deadlines = new Deadlines(clock, () => undefined);
    await new Promise<void>((resolve) => deadlines.set('now', clock.now(), resolve));
    deadlines.set('never', clock.now() + 10_000_000, () => undefined);
    deadlines.stop();
  });
});

describe('lanes', () => {
  it('do one thing at a time each, in order, and take turns', () => {
    const lanes = new Lanes<string>();
    const opened = ['a1', 'a2', 'b1'].filter((item) => lanes.add(item[0] as string, item));
    expect(opened).toEqual(['a1', 'b1']);
    lanes.open(['a', 'b']);
    expect(lanes.take()).toEqual({ key: 'a', item: 'a1' });
    expect(lanes.take()).toEqual({ key: 'b', item: 'b1' });
    expect(lanes.take()).toBeUndefined();
    lanes.leave('a', 'a1');
    expect([...lanes.items()]).toEqual(['a2', 'b1']);
    expect(lanes.take()).toEqual({ key: 'a', item: 'a2' });
    lanes.clear();
    lanes.leave('b', 'b1');
    expect(lanes.hasReady).toBe(false);
  });
});

describe('ids', () => {
  it('look like Stripe’s and do not repeat', () => {
    expect(newId('cs_test', 58)).toMatch(/^cs_test_[0-9A-Za-z]{58}$/);
    expect(new Set(Array.from({ length: 5000 }, () => randomText(14))).size).toBe(5000);
  });
});
