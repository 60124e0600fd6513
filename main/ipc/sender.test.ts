import { describe, expect, it } from 'vitest';
import { isTrustedSender } from './sender.ts';

const origin = 'app://valeo';
const good = { known: true, isTopFrame: true, url: 'app://valeo/index.html' };

describe('isTrustedSender', () => {
  it('trusts the top frame of a known window on our origin', () => {
    expect(isTrustedSender(good, origin)).toBe(true);
  });

  it.each([
    ['an unknown window', { ...good, known: false }],
    ['a frame inside the page', { ...good, isTopFrame: false }],
    ['a web page', { ...good, url: 'https://valeo/index.html' }],
    ['a longer host', { ...good, url: 'app://valeo.example/index.html' }],
    ['a host with a name in front', { ...good, url: 'app://x@valeo/index.html' }],
    ['another port', { ...good, url: 'app://valeo:8080/' }],
    ['a file', { ...good, url: 'file:///index.html' }],
    ['no address at all', { ...good, url: '' }],
    ['about:blank', { ...good, url: 'about:blank' }],
  ])('refuses %s', (_name, sender) => {
    expect(isTrustedSender(sender, origin)).toBe(false);
  });
});
