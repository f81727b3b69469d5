import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMail, type Mail } from '../../local/mail/index.ts';

let dir: string;
let mail: Mail;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'atrium-mail-'));
  mail = await startMail({ dir });
});

afterEach(async () => {
  await mail.stop();
  await rm(dir, { recursive: true, force: true });
});

async function send(message: SendMailOptions) {
  const transport = nodemailer.createTransport(mail.smtpUrl);
  await transport.sendMail({ from: 'Lotus & Bean <hello@lotus.test>', to: 'ana@lotus.test', ...message });
  transport.close();
}

async function inbox(query = '') {
  const response = await fetch(`${mail.url}/api/messages${query}`);
  return (await response.json()) as Record<string, never>[];
}

/** What a browser is told that was led here under another name. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${mail.url}/api/messages`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

const page = async (path: string) => await (await fetch(mail.url + path)).text();

describe('The inbox', () => {
  it('shows an e-mail with its text, its HTML, its links and its attachments', async () => {
    await send({
      subject: 'Your mat is waiting – Viñasa',
      text: 'See http://localhost:4321/orders/1.',
      html: '<p>See <a href="http://localhost:4321/orders/1?a=1&amp;b=2">your order</a></p>',
      attachments: [{ filename: 'receipt.pdf', content: Buffer.from('%PDF-1.7') }],
    });
    const [message] = await inbox();
    expect(message).toMatchObject({
      from: 'Lotus & Bean <hello@lotus.test>',
      to: 'ana@lotus.test',
      subject: 'Your mat is waiting – Viñasa',
      text: expect.stringContaining('See http://localhost:4321/orders/1.') as string,
      html: expect.stringContaining('your order') as string,
      links: ['http://localhost:4321/orders/1?a=1&b=2', 'http://localhost:4321/orders/1'],
      attachments: [{ filename: 'receipt.pdf', type: 'application/pdf', size: 8 }],
    });
    const attachment = await fetch(
      (message as unknown as { attachments: { url: string }[] }).attachments[0]!.url,
    );
    expect(await attachment.text()).toBe('%PDF-1.7');
    expect(attachment.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''receipt.pdf");
  });

  it('lists the newest first, and finds by recipient, subject and what came after', async () => {
    await send({ subject: 'First', text: '1' });
    await send({ subject: 'Second', text: '2', to: 'Beto@Lotus.test', bcc: 'hidden@lotus.test' });
    await send({ subject: 'Third', text: '3' });
    const subjects = async (query: string) => (await inbox(query)).map(({ subject }) => subject);
    expect(await subjects('')).toEqual(['Third', 'Second', 'First']);
    expect(await subjects('?to=beto@lotus.test')).toEqual(['Second']);
    expect(await subjects('?to=hidden@lotus.test')).toEqual(['Second']);
    expect(await subjects('?to=ana@lotus.test&subject=fir&limit=1')).toEqual(['First']);
    const [, second] = await inbox();
    expect(await subjects(`?after=${second?.['id']}`)).toEqual(['Third']);
  });

  it('answers a question that may wait as soon as the message is there', async () => {
    const asked = inbox('?to=ana@lotus.test&wait=30000');
    await send({ subject: 'Worth waiting for', text: '…' });
    expect(await asked).toMatchObject([{ subject: 'Worth waiting for' }]);
  });

  it('says that there is nothing when the wait is over', async () => {
    expect(await inbox('?wait=1')).toEqual([]);
  });

  it('keeps its messages over a restart', async () => {
    await send({ subject: 'Still here', text: 'yes' });
    await mail.stop();
    mail = await startMail({ dir });
    expect(await inbox()).toMatchObject([{ subject: 'Still here' }]);
  });

  it('deletes everything on request', async () => {
    await send({ subject: 'Gone', text: 'soon' });
    await fetch(`${mail.url}/clear`, { method: 'POST', redirect: 'manual' });
    expect(await inbox()).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
    await send({ subject: 'Gone too', text: 'soon' });
    await fetch(`${mail.url}/api/messages`, { method: 'DELETE' });
    expect(await inbox()).toEqual([]);
  });

  it('tells an open page that something has changed', async () => {
    const changes = await fetch(`${mail.url}/changes`);
    const reader = changes.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await send({ subject: 'New', text: '!' });
    expect((await reader.read()).value).toContain('data: changed');
    await reader.cancel();
  });
});

describe('A message in the browser', () => {
  it('cannot break out of its page, whatever it contains', async () => {
    await send({
      subject: '<script>alert(1)</script>',
      text: '</pre><img src=x>',
      html: '<script>alert(2)</script>',
    });
    const [message] = await inbox();
    for (const path of ['/', `/messages/${message?.['id']}`]) {
      const html = await page(path);
      expect(html).toContain('&lt;script&gt;alert(1)');
      expect(html).not.toContain('<script>alert');
      expect(html).not.toContain('<img src=x>');
    }
    const alone = await fetch(`${mail.url}/messages/${message?.['id']}/html`);
    expect(alone.headers.get('content-security-policy')).toMatch(/^sandbox .*default-src 'none'/);
    expect(alone.headers.get('content-security-policy')).not.toContain('script');
  });

  it('shows the pictures that came with it', async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
      'base64',
    );
    await send({
      subject: 'Picture',
      html: '<img src="cid:logo@lotus">',
      attachments: [{ filename: 'logo.png', content: pixel, cid: 'logo@lotus' }],
    });
    const [message] = await inbox();
    const [, source] = /<img src="([^"]+)"/.exec(await page(`/messages/${message?.['id']}/html`)) ?? [];
    const picture = await fetch(mail.url + source);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(pixel);
  });

  it('can be read as it was sent', async () => {
    await send({ subject: 'Raw', text: 'plain words' });
    const [message] = await inbox();
    expect(await page(`/messages/${message?.['id']}/source`)).toMatch(
      /X-Envelope-To: ana@lotus\.test[^]*plain words/,
    );
  });

  it('is not found under an unknown address', async () => {
    for (const path of [
      '/messages/nobody',
      '/messages/../../etc/passwd',
      '/api/messages/nobody',
      '/elsewhere',
    ]) {
      expect((await fetch(mail.url + path)).status).toBe(404);
    }
  });
});

describe('A stranger', () => {
  it('cannot read or empty the inbox from another site', async () => {
    await send({ subject: 'Private', text: 'yes' });
    const foreign = await fetch(`${mail.url}/clear`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor(new URL(mail.url).host)).toBe(200);
    expect(await inbox()).toHaveLength(1);
  });
});
