import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { closingPage, pageHeaders, pageLanguage, pageStyle, styleHash } from './loopback-page.ts';
import { openLoopback, type Loopback } from './loopback.ts';

type Reply = { status: number; text: string; headers: Record<string, string | string[] | undefined> };

/** One request with full control of the Host header, which fetch does not give. */
function send(loopback: Loopback, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  const { port } = new URL(loopback.redirectUri);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('loopback listener', () => {
  it('listens on IPv4 loopback only', async () => {
    const loopback = await openLoopback();
    expect(loopback.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    await expect(fetch(loopback.redirectUri.replace('127.0.0.1', '[::1]'))).rejects.toThrow();
    loopback.close();
  });

  it('gives the callback to the first of ten and tells the others that it is over', async () => {
    const loopback = await openLoopback();
    const replies = Array.from({ length: 10 }, (_, index) => send(loopback, `/callback?code=${index}`));
    const callback = await loopback.callback;
    callback.finish(true);
    const statuses = (await Promise.all(replies)).map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(9).fill(410)]);
    loopback.close();
  });

  it.each([
    ['another path', '/', {}, 'GET', 404],
    ['a path below it', '/callback/x', {}, 'GET', 404],
    ['the icon', '/favicon.ico', {}, 'GET', 404],
    ['a foreign host name', '/callback?code=1', { host: 'evil.example' }, 'GET', 404],
    ['localhost instead of the address', '/callback?code=1', { host: 'localhost:1' }, 'GET', 404],
    ['an absolute address', 'http://evil.example/callback?code=1', {}, 'GET', 404],
    ['a post', '/callback?code=1', {}, 'POST', 405],
  ])('refuses %s and goes on waiting', async (_what, path, headers, method, status) => {
    const loopback = await openLoopback();
    const reply = await send(loopback, path, headers, method);
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain('<');
    const real = send(loopback, '/callback?code=real');
    const { url, finish } = await loopback.callback;
    finish(false);
    expect(url.searchParams.get('code')).toBe('real');
    expect((await real).status).toBe(400);
    loopback.close();
  });

  it('frees its port', async () => {
    const loopback = await openLoopback();
    loopback.close();
    await expect(send(loopback, '/callback')).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('closing page', () => {
  it('allows exactly its own style', () => {
    expect(styleHash).toBe(`sha256-${createHash('sha256').update(pageStyle).digest('base64')}`);
    expect(closingPage('done', 'de')).toContain(`<style>${pageStyle}</style>`);
    expect(pageHeaders['Content-Security-Policy']).toContain("default-src 'none'");
    expect(pageHeaders['Referrer-Policy']).toBe('no-referrer');
  });

  it('loads nothing and runs nothing', () => {
    for (const outcome of ['done', 'failed', 'used'] as const) {
      for (const language of ['de', 'en'] as const) expect(closingPage(outcome, language)).not.toMatch(/src=|href=|<script|@import|url\(/);
    }
  });

  it.each([['de-DE,de;q=0.9,en;q=0.8', 'de'], ['en-GB,en;q=0.9', 'en'], ['fr,en;q=0.5', 'en'], ['fr', 'de'], [undefined, 'de']])('for %s it speaks %s', (header, language) => {
    expect(pageLanguage(header)).toBe(language);
  });
});
