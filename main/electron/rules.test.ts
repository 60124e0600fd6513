import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveAppFile } from './app-file.ts';
import { fitToScreens, parseBounds } from './bounds.ts';
import { rendererHeaders } from './csp.ts';
import { isOpenable, isViewable } from './openable.ts';
import { refusedSwitches } from './switches.ts';
import { parseBundle } from './trust-chain.ts';

const root = path.resolve('/srv/renderer');

describe('app:// files', () => {
  it('serves what the renderer consists of', () => {
    expect(resolveAppFile(root, 'app://valeo/')).toBe(path.join(root, 'index.html'));
    expect(resolveAppFile(root, 'app://valeo/assets/a.js?v=1#x')).toBe(path.join(root, 'assets', 'a.js'));
  });

  it.each([
    'app://valeo/../package.json', 'app://valeo/%2e%2e/%2e%2e/etc/passwd.json', 'app://valeo/..%5c..%5cx.json', 'app://valeo/a%00.js', 'app://other/index.html',
    'file:///etc/passwd', 'app://valeo/%E0%A4%A.js', 'app://valeo/index.html.map', 'app://valeo/assets', 'nonsense',
  ])('serves nothing for %s', (address) => {
    const file = resolveAppFile(root, address);
    expect(file === null || file.startsWith(root + path.sep)).toBe(true);
    if (!address.includes('package.json') && !address.includes('%2e')) expect(file).toBeNull();
  });
});

describe('content security policy', () => {
  it('allows nothing but our own scripts, styles, pictures and fonts', () => {
    const policy = rendererHeaders['Content-Security-Policy'] ?? '';
    const directives = Object.fromEntries(policy.split('; ').map((directive) => { const [name = '', ...values] = directive.split(' '); return [name, values.join(' ')]; }));
    expect(directives).toMatchObject({
      'default-src': "'none'", 'script-src': "'self'", 'connect-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'require-trusted-types-for': "'script'",
    });
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});

describe('addresses for the system browser', () => {
  it.each(['https://login.example.de/auth?x=1', 'http://127.0.0.1:8080/auth', 'http://localhost/'])('opens %s', (address) => expect(isOpenable(address)).toBe(true));
  it.each(['http://login.example.de/', 'file:///etc/passwd', 'ms-settings:x', 'javascript:alert(1)', 'https://user:pw@example.de/', 'smb://host/x', ''])('refuses %s', (address) => expect(isOpenable(address)).toBe(false));
});

describe('files for the system\'s viewer', () => {
  it.each(['/home/a/Rechnung.pdf', 'C:\\Export\\Belege.XLSX', '/tmp/liste.csv', '/tmp/postausgang.json'])('opens %s', (file) => expect(isViewable(file)).toBe(true));
  it.each(['/tmp/a.sh', 'C:\\a.exe', '/tmp/pdf', '/tmp/a.pdf.desktop', '/tmp/a.html', ''])('refuses %s', (file) => expect(isViewable(file)).toBe(false));
});

describe('switches of a packaged app', () => {
  it('names every switch that would open it', () => {
    expect(refusedSwitches(['app', '--remote-debugging-port=9222', '--inspect', '--lang=de'])).toEqual(['remote-debugging-port', 'inspect']);
    expect(refusedSwitches(['app', '--profile=x.json', '--inspector-free'])).toEqual([]);
  });
});

describe('window position', () => {
  it('is read as it was written, and never from something else', () => {
    expect(parseBounds({ width: 1200, height: 800, x: -5, y: 0, maximized: true, more: 1 })).toEqual({ width: 1200, height: 800, x: -5, y: 0, maximized: true });
    expect(parseBounds({ width: 1200, height: 800, maximized: false })).toEqual({ width: 1200, height: 800, maximized: false });
    for (const wrong of [null, 5, {}, { width: '1200', height: 800, maximized: false }, { width: 1200, height: 800, x: 'left', maximized: false }, { width: 1200, height: 800 }]) expect(() => parseBounds(wrong)).toThrow();
  });

  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  it('stays where it was on a screen that exists', () => {
    const bounds = { x: 100, y: 50, width: 1200, height: 800, maximized: false };
    expect(fitToScreens(bounds, screens)).toEqual(bounds);
  });
  it('comes back from a screen that was unplugged', () => {
    expect(fitToScreens({ x: 3000, y: 50, width: 1200, height: 800, maximized: true }, screens)).toEqual({ width: 1200, height: 800, maximized: true });
  });
  it('is never too small to work in', () => {
    expect(fitToScreens({ width: 10, height: 10, maximized: false }, screens)).toMatchObject({ width: 960, height: 600 });
  });
});

describe('certificates of a profile', () => {
  it.each(['', 'no pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])('says that %j cannot be read', (pem) => {
    expect(() => parseBundle(pem)).toThrow(expect.objectContaining({ error: expect.objectContaining({ code: 'profile.invalid' }) }));
  });
});
