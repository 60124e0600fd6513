import { expect, it } from 'vitest';
import { parseProxy } from './proxy.ts';

it.each([
  ['DIRECT', { kind: 'direct' }], ['', { kind: 'direct' }], ['PROXY proxy.example:3128; DIRECT', { kind: 'http', host: 'proxy.example', port: 3128 }], ['HTTPS p:443', { kind: 'http', host: 'p', port: 443 }],
  ['SOCKS5 10.0.0.1:1080', { kind: 'socks', host: '10.0.0.1', port: 1080 }], ['PROXY [::1]:8080', { kind: 'http', host: '::1', port: 8080 }], ['PROXY nonsense', { kind: 'direct' }],
])('reads %s', (text, expected) => {
  expect(parseProxy(text)).toEqual(expected);
});
