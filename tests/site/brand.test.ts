import { expect, test } from 'vitest';
import { brandStylesheet, brandVersion, readBranding } from '#site/brand.ts';

const lotus = readBranding({ logo: 'lotus', shape: 'round', light: { accent: '#9A472C' } });

test('a business without colours looks like Atrium, not like nothing', () => {
  const plain = readBranding(null);
  expect(plain).toMatchObject({ logo: 'atrium', shape: 'round' });
  expect(plain.light.background).toMatch(/^#[0-9a-f]{6}$/);
  expect(plain.dark.background).not.toBe(plain.light.background);
});

test('what is not a plain colour never reaches the stylesheet', () => {
  const odd = readBranding({
    logo: '../../secret',
    light: { accent: 'red;} body{display:none', ink: 'url(http://evil.example)', muted: 7 },
  });
  expect(odd.logo).toBe('atrium');
  expect(brandStylesheet(odd)).not.toMatch(/evil|display|red/);
});

test('the stylesheet has the light colours for paper and the dark ones for dark screens and night parts', () => {
  const sheet = brandStylesheet(lotus);
  expect(sheet).toContain('--color-accent:#9a472c');
  expect(sheet.indexOf(':root{color-scheme:light')).toBe(0);
  expect(sheet).toContain('@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light])');
  expect(sheet).toContain('@media screen{[data-theme=dark],.night{color-scheme:dark');
});

test('its version changes with a colour, and only then', () => {
  const same = readBranding({ logo: 'lotus', shape: 'round', light: { accent: '#9a472c' } });
  const other = readBranding({ logo: 'lotus', shape: 'round', light: { accent: '#9a472d' } });
  expect(brandVersion(lotus)).toMatch(/^[0-9a-f]{10}$/);
  expect(brandVersion(same)).toBe(brandVersion(lotus));
  expect(brandVersion(other)).not.toBe(brandVersion(lotus));
});
