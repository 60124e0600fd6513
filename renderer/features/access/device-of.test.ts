import { expect, it } from 'vitest';
import { deviceOf } from './device-of.ts';

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 VALEONeuroERPAdmin/1.0 Chrome/140.0 Electron/45.0 Safari/537.36', 'VALEO NeuroERP Admin · Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15', 'Safari · macOS'],
  ['openid-client/v6.8.0 (https://github.com/panva/openid-client)', 'VALEO NeuroERP Admin'],
  ['curl/8.5.0', null], ['', null],
])('%s', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});
