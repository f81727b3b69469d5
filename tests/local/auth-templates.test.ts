import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { allowedRedirect } from '../../local/supabase/auth/mail/redirects.ts';
import { escapeHtml, renderTemplate } from '../../local/supabase/auth/mail/template.ts';
import { readProjectConfig, TEMPLATE_NAMES } from '../../local/supabase/config.ts';

const values = {
  Token: '123',
  TokenHash: 'abc',
  SiteURL: 'https://studio.example',
  RedirectTo: 'https://studio.example/es',
  Email: 'ana@example.com',
  NewEmail: 'ana@new.example',
  Data: {},
};

test('Every e-mail of auth is written in English and in Spanish, and leads to the page that confirms', async () => {
  const { auth } = await readProjectConfig('supabase/config.toml');
  for (const name of TEMPLATE_NAMES) {
    const { subject, file } = auth.templates[name];
    const template = await readFile(file, 'utf8');
    const write = (locale: string) => [
      renderTemplate(subject, { ...values, Data: { locale } }, String),
      renderTemplate(template, { ...values, Data: { locale } }, escapeHtml),
    ];
    const [english, spanish, argentine] = [write('en'), write('es'), write('es-AR')];
    expect(spanish[0]).not.toBe(english[0]);
    expect(spanish[1]).toContain("<html lang='es'>");
    expect(argentine).toEqual(spanish);
    expect(write('fr')).toEqual(english);
    for (const [, html] of [english, spanish]) {
      expect(html).toContain('https://studio.example/es/confirm?token_hash=abc&amp;type=');
      expect(html).not.toContain('{{');
    }
  }
});

test('A template is read as the hosted service would read it', () => {
  const render = (template: string, data: object = {}) =>
    renderTemplate(template, { ...values, Data: { name: '<Ana>', ...data } }, escapeHtml);
  expect(render('{{ .Data.name }}')).toBe('&#60;Ana&#62;');
  expect(render('{{ .Data.missing }}.')).toBe('.');
  expect(render('{{ if .Data.vip }}a{{ else }}b{{ end }}')).toBe('b');
  expect(
    render('{{ if .Data.vip }}{{ if eq .Data.name "x" }}1{{ else }}2{{ end }}{{ end }}3', { vip: true }),
  ).toBe('23');
  expect(render('{{ if eq .Data.name "x" }}{{ .Data.name }}{{ if .Email }}!{{ end }}{{ end }}')).toBe('');
});

test('What a template cannot say here is an error, not an empty place', () => {
  const render = (template: string) => () => renderTemplate(template, values, escapeHtml);
  expect(render('{{ range .Data }}')).toThrow('Templates cannot say {{ range .Data }} here.');
  expect(render('{{ .Nonsense }}')).toThrow('Templates have no .Nonsense.');
  expect(render('{{ if .Email }}')).toThrow('lacks an {{ end }}');
  expect(render('{{ end }}')).toThrow('{{ end }} too many');
  expect(render('{{ else }}')).toThrow('{{ else }} without {{ if }}');
});

test('Links lead to the site and to the hosts that are listed, never elsewhere', () => {
  const site = 'https://studio.example';
  const entries = ['https://*.studio.example', 'https://*.studio.example/**', 'http://localhost:*'];
  const lead = (wanted: string | null) => allowedRedirect(wanted, site, entries);
  expect(lead(null)).toBe(site);
  expect(lead('https://studio.example/es/')).toBe('https://studio.example/es');
  expect(lead('https://barberia.studio.example')).toBe('https://barberia.studio.example');
  expect(lead('https://barberia.studio.example/es')).toBe('https://barberia.studio.example/es');
  expect(lead('http://localhost:4321')).toBe('http://localhost:4321');
  for (const foreign of [
    'https://evil.example',
    'https://studio.example.evil.example',
    'https://a.b.studio.example',
    'https://evil.example/.studio.example',
    'https://evil.example#.studio.example',
    'http://studio.example',
    'http://localhost:1@3232235777',
    'javascript:alert(1)',
    'not an address',
  ]) {
    expect(lead(foreign), foreign).toBe(site);
  }
});
