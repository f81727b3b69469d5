/** What is taught and where, as managers keep it: through forms and as programs. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { aClass, barberia, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, flashOf, wordsOf } from './buyer.ts';
import { Visitor } from './visitor.ts';

let manager: Buyer;
beforeAll(async () => {
  manager = await aColleague('manager');
});

const tag = (): string => randomUUID().slice(0, 8);
const stranger = new Visitor();

describe('classes', () => {
  test('are made by a form, shown once they are published, and hidden again', async () => {
    const name = `Slow ${tag()}`;
    const made = await manager.visitor.submit(
      '/api/yoga/class-types',
      {
        ...{ name_en: name, name_es: 'Lento', summary_en: 'Slower than you think', bring_en: 'Socks' },
        ...{ style: 'yin', level: 'advanced', picture: 'style/hatha', duration_minutes: '50' },
        ...{ price: '12.50', tax: '21', capacity: '9', credits: '2', free_cancel_hours: '4' },
        ...{ late_refund_percent: '50', opens_days_before: '30', closes_minutes_before: '15', slug: '' },
      },
      '/admin/classes/new',
    );
    const slug = name.toLowerCase().replaceAll(' ', '-');
    expect([made.status, made.to]).toEqual([303, `/admin/classes/${slug}`]);
    expect((await stranger.get(`/classes/${slug}`)).status).toBe(404);
    const [type] = await sql<{ id: string }>('select id from booking.class_types where slug = $1', [slug]);
    const publish = (published: string) =>
      manager.visitor.submit(
        `/api/yoga/class-types/${type?.id}/publish`,
        { published },
        `/admin/classes/${slug}`,
      );
    await publish('yes');
    const page = await stranger.get(`/classes/${slug}`);
    expect(page.status).toBe(200);
    expect(wordsOf(page)).toMatch(/Slower than you think.*50 min.*€12.50.*Socks/);
    const program = await stranger
      .call(`/api/yoga/classes/${slug}`, null)
      .then(() => stranger.get(`/api/yoga/classes/${slug}`, {}));
    expect(program.json.data).toMatchObject({ picture: 'style/hatha', credits: 2, level: 'advanced' });
    await publish('no');
    expect((await stranger.get(`/classes/${slug}`)).status).toBe(404);
  });

  test('a form that is not right is shown again with what was typed and what is wrong', async () => {
    const again = await manager.visitor.submit(
      '/api/yoga/class-types',
      { name_en: 'Loud', style: 'yin', duration_minutes: '2', price: 'much', capacity: '9' },
      '/admin/classes/new',
    );
    expect(again.status).toBe(422);
    expect(again.text).toContain('value="Loud"');
    expect(wordsOf(again)).toContain('At least 5.');
    const price = await manager.visitor.submit(
      '/api/yoga/class-types',
      { name_en: 'Loud', style: 'yin', duration_minutes: '20', price: 'much', capacity: '9' },
      '/admin/classes/new',
    );
    expect([
      price.status,
      /aria-invalid="true"[^>]*name="price"|name="price"[^>]*aria-invalid="true"/.test(price.text),
    ]).toEqual([422, true]);
  });

  test('a new price holds for times on the schedule only when that is asked for, and never for one with its own', async () => {
    const session = await aClass({ price: 1600, seats: 5 });
    const own = await aClass({ price: 900, seats: 5 });
    await sql(
      'update booking.sessions set class_type_id = (select class_type_id from booking.sessions where id = $1) where id = $2',
      [session, own],
    );
    const [type] = await sql<{ id: string }>(
      'select class_type_id as id from booking.sessions where id = $1',
      [session],
    );
    const prices = () =>
      sql<{ cents: number }>(
        'select price_cents::int as cents from booking.sessions where id = any($1) order by price_cents desc',
        [[session, own]],
      );
    const change = (body: object) => manager.visitor.call(`/api/yoga/class-types/${type?.id}`, body);
    expect((await change({ price_cents: 1700 })).status).toBe(200);
    expect((await prices()).map(({ cents }) => cents)).toEqual([1600, 900]);
    await change({ price_cents: 1600 });
    await change({ price_cents: 1800, also_upcoming: true });
    expect((await prices()).map(({ cents }) => cents)).toEqual([1800, 900]);
  });

  test('are nobody’s to change but the managers’', async () => {
    const desk = await aColleague('front_desk');
    for (const [who, status] of [
      [stranger, 401],
      [desk.visitor, 403],
    ] as const) {
      expect(
        (
          await who.call('/api/yoga/class-types', {
            name_en: 'No',
            style: 'yin',
            duration_minutes: 60,
            capacity: 5,
          })
        ).status,
      ).toBe(status);
      expect(
        (await who.call('/api/yoga/rooms', { name: 'No', location_id: randomUUID(), capacity: 5 })).status,
      ).toBe(status);
      expect((await who.call('/api/business/locations', { name: 'No' })).status).toBe(status);
    }
    expect((await desk.visitor.get('/admin/classes')).status).toBe(403);
  });
});

describe('a picture of the studio’s own', () => {
  const dot = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  );
  const aType = async (): Promise<{ id: string; slug: string }> => {
    const session = await aClass({ price: 0 });
    const [type] = await sql<{ id: string; slug: string }>(
      'select t.id, t.slug from booking.class_types t join booking.sessions s on s.class_type_id = t.id where s.id = $1',
      [session],
    );
    return type!;
  };
  /** As a browser sends a file from the page of the class. */
  const send = (
    who: Visitor,
    { id, slug }: { id: string; slug: string },
    file: Blob | null,
    words = {},
    name = 'x.png',
  ) => {
    const form = new FormData();
    if (file) form.set('picture', file, name);
    for (const [field, value] of Object.entries(words)) form.set(field, String(value));
    return who.send('POST', `/api/yoga/class-types/${id}/picture`, form, {
      accept: 'text/html',
      origin: who.site,
      referer: new URL(`/admin/classes/${slug}`, who.site).href,
      'sec-fetch-site': 'same-origin',
    });
  };
  const words = { alt_en: 'A bright room with six mats', alt_es: 'Una sala clara con seis esterillas' };

  test('is put up with what it shows, seen by everybody, kept for ever, and taken down again', async () => {
    const type = await aType();
    const sent = await send(manager.visitor, type, new Blob([dot]), words, 'photo.svg');
    expect([sent.status, sent.to]).toEqual([303, `/admin/classes/${type.slug}#picture`]);
    const page = await stranger.get(`/classes/${type.slug}`);
    const [, address = ''] = /<img[^>]*src="(\/pictures\/[0-9a-f]{64})"/.exec(page.text) ?? [];
    expect(page.text).toContain('alt="A bright room with six mats"');
    expect((await stranger.get(`/es/classes/${type.slug}`)).text).toContain(
      'alt="Una sala clara con seis esterillas"',
    );
    const file = await stranger.get(address, {});
    expect([file.status, file.headers.get('content-type'), file.headers.get('cache-control')]).toEqual([
      200,
      'image/png',
      'public, max-age=31536000, immutable',
    ]);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    const bytes = await (await fetch(new URL(address, stranger.site))).arrayBuffer();
    expect(Buffer.from(bytes).equals(dot)).toBe(true);
    const again = await stranger.get(address, { 'if-none-match': file.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    // Another business shows it to nobody.
    expect((await new Visitor(inject('stack').barberiaUrl).get(address, {})).status).toBe(404);
    // Only the words.
    await send(manager.visitor, type, null, { alt_en: 'Six mats' });
    expect((await stranger.get(`/classes/${type.slug}`)).text).toContain('alt="Six mats"');
    await manager.visitor.submit(
      `/api/yoga/class-types/${type.id}/picture/remove`,
      {},
      `/admin/classes/${type.slug}`,
    );
    expect((await stranger.get(`/classes/${type.slug}`)).text).not.toContain('/pictures/');
    expect(
      await sql(`select act from audit.events where about = $1 order by id`, [`class_type:${type.id}`]),
    ).toEqual([{ act: 'class_picture_set' }, { act: 'class_picture_set' }, { act: 'class_picture_dropped' }]);
  });

  test('is what its bytes are, not what it is called; has words; is not too big; and is the managers’', async () => {
    const type = await aType();
    const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], {
      type: 'image/png',
    });
    for (const [file, said, status, sentence] of [
      [svg, words, 422, 'a PNG, JPEG or WebP file'],
      [new Blob([dot.subarray(0, 12)]), words, 422, 'a PNG, JPEG or WebP file'],
      [null, words, 422, 'a PNG, JPEG or WebP file'],
      [new Blob([dot]), { alt_es: 'Solo en español' }, 422, 'what the picture shows'],
      [new Blob([dot, Buffer.alloc(2 * 1024 * 1024)]), words, 413, 'larger than 2 MB'],
    ] as const) {
      const refused = await send(manager.visitor, type, file, said);
      expect([refused.status, wordsOf(refused).includes(sentence)]).toEqual([status, true]);
    }
    expect((await send(manager.visitor, type, new Blob([Buffer.alloc(5 * 1024 * 1024)]), words)).status).toBe(
      413,
    );
    expect((await send((await aColleague('front_desk')).visitor, type, new Blob([dot]), words)).status).toBe(
      403,
    );
    const elsewhere = await aColleague('manager', barberia, inject('stack').barberiaUrl);
    expect((await send(elsewhere.visitor, type, new Blob([dot]), words)).status).toBe(404);
    expect(await sql('select picture_hash from booking.class_types where id = $1', [type.id])).toEqual([
      { picture_hash: null },
    ]);
    for (const path of ['/pictures/x', `/pictures/${'0'.repeat(64)}`])
      expect((await stranger.get(path, {})).status).toBeGreaterThanOrEqual(404);
  });
});

describe('styles', () => {
  test('are made, renamed, and taken away as long as no class has them', async () => {
    const slug = `s-${tag()}`;
    const save = (name: string) =>
      manager.visitor.submit(
        '/api/yoga/styles',
        { slug, name_en: name, name_es: name, position: '99' },
        '/admin/classes',
      );
    expect((await save('Aerial')).status).toBe(303);
    await save('Aerial yoga');
    expect(wordsOf(await manager.visitor.get('/admin/classes'))).toContain('Aerial yoga');
    const used = await manager.visitor.call('/api/yoga/styles/yin/delete', {});
    expect([used.status, used.json.code]).toEqual([409, 'style_in_use']);
    expect(
      (await manager.visitor.submit(`/api/yoga/styles/${slug}/delete`, {}, '/admin/classes')).status,
    ).toBe(303);
    expect((await manager.visitor.call(`/api/yoga/styles/${slug}/delete`, {})).status).toBe(404);
  });
});

describe('rooms', () => {
  /** The seed's: others come and go. */
  const studio = '20000000-0000-4000-8000-000000000001';
  const aRoom = async (capacity = 4): Promise<string> => {
    const made = await manager.visitor.call('/api/yoga/rooms', {
      name: `Room ${tag()}`,
      location_id: studio,
      capacity,
    });
    expect(made.status).toBe(201);
    return made.json.data.room_id;
  };
  const form = async (room: string, more: Record<string, string>) => {
    const [facts] = await sql<{ name: string; location_id: string; capacity: number }>(
      'select name, location_id, capacity from booking.rooms where id = $1',
      [room],
    );
    const fields = {
      name: facts?.name ?? '',
      location_id: facts?.location_id ?? '',
      capacity: String(facts?.capacity),
      retired: 'no',
      chooses: 'yes',
      rows: '2',
      columns: '2',
    };
    return manager.visitor.submit(`/api/yoga/rooms/${room}`, { ...fields, ...more }, `/admin/rooms/${room}`);
  };

  test('get a map by a form of boxes, which must hold everybody', async () => {
    const room = await aRoom();
    const few = await form(room, { at_0_0: 'yes' });
    expect([few.status, wordsOf(few).includes('The map has 1 spots for 4 people')]).toEqual([422, true]);
    const all = await form(room, { at_0_0: 'yes', at_1_0: 'yes', at_0_1: 'yes', at_1_1: 'yes' });
    expect([all.status, flashOf(await manager.visitor.get(`/admin/rooms/${room}`))]).toEqual([
      303,
      'The room is saved.',
    ]);
    expect(wordsOf(await manager.visitor.get('/admin/rooms'))).toContain('4 spots');
  });

  test('let each person pick one mat, which is then nobody else’s, until its map changes with a word', async () => {
    const session = await aClass({ seats: 4, price: 0 });
    const [{ room_id: room } = { room_id: '' }] = await sql<{ room_id: string }>(
      'select room_id from booking.sessions where id = $1',
      [session],
    );
    await form(room, { at_0_0: 'yes', at_1_0: 'yes', at_0_1: 'yes', at_1_1: 'yes' });
    const [one, two] = [await aBuyer('mat'), await aBuyer('mat')];
    await book(one, session);
    await book(two, session);
    const bookingOf = async (who: Buyer) =>
      (await who.visitor.get(`/api/yoga/sessions/${session}/spots`, {})).json.data.mine[0]
        .booking_id as string;
    const [mine, theirs] = [await bookingOf(one), await bookingOf(two)];

    expect(wordsOf(await one.visitor.get(`/sessions/${session}`))).toContain('Pick your mat');
    const picked = await one.visitor.submit(
      `/api/yoga/bookings/${mine}/spot`,
      { spot: '3' },
      `/sessions/${session}`,
    );
    expect([picked.status, picked.to]).toEqual([303, `/sessions/${session}#spot`]);
    expect(wordsOf(await one.visitor.get(`/sessions/${session}`))).toContain('Your spot is 3');
    const late = await two.visitor.call(`/api/yoga/bookings/${theirs}/spot`, { spot: '3' });
    expect([late.status, late.json.code]).toEqual([409, 'spot_taken']);
    const notMine = await two.visitor.call(`/api/yoga/bookings/${mine}/spot`, { spot: '1' });
    expect([notMine.status, notMine.json.code]).toEqual([404, 'booking_not_found']);
    expect((await two.visitor.call(`/api/yoga/bookings/${theirs}/spot`, { spot: '99' })).json.code).toBe(
      'spot_not_found',
    );
    expect((await stranger.get(`/api/yoga/sessions/${session}/spots`, {})).json.data).toMatchObject({
      taken: ['3'],
      mine: [],
    });

    const gone = await form(room, { chooses: 'no' });
    expect([gone.status, wordsOf(gone).includes('1 person chose a spot that would be gone')]).toEqual([
      409,
      true,
    ]);
    expect((await form(room, { chooses: 'no', release_spots: 'yes' })).status).toBe(303);
    expect((await stranger.get(`/api/yoga/sessions/${session}/spots`, {})).status).toBe(404);
  });
});
