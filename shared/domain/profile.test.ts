import { describe, expect, it } from 'vitest';
import { formatKey, noteKey, signatureTypes } from '../audit/note.ts';
import { connectionProfileSchema, serverAddressSchema } from './profile.ts';
import { settingsSchema } from './settings.ts';

const profile = { id: 'hof', name: 'Hof', environment: 'production', erpUrl: 'https://erp.example/', issuer: 'https://id.example/realms/erp', clientId: 'desk' };

describe('connection profile', () => {
  it('fills in what may be left out', () => {
    expect(connectionProfileSchema.parse(profile)).toMatchObject({ erpUrl: 'https://erp.example', provider: 'generic', extraScopes: [] });
  });

  it.each(['https://erp.example', 'HTTPS://erp.example:8443/base', 'http://127.0.0.1:8000', 'http://localhost', 'http://[::1]:9/x'])('takes the address %s', (url) => {
    expect(serverAddressSchema.safeParse(url).success).toBe(true);
  });
  it.each(['http://erp.example', 'http://127.0.0.1.example', 'http://localhost.example', 'http://127.0.0.1@erp.example', 'ftp://erp.example', 'erp.example', '', 'javascript:alert(1)', 'file:///etc/passwd'])('refuses the address %j', (url) => {
    expect(serverAddressSchema.safeParse(url).success).toBe(false);
  });

  it.each([{ id: '../x' }, { id: '' }, { id: 'A' }, { name: ' ' }, { clientId: '' }, { environment: 'live' }])('refuses %j', (change) => {
    expect(connectionProfileSchema.safeParse({ ...profile, ...change }).success).toBe(false);
  });

  it.each(['prometheusUrl', 'alertmanagerUrl', 'lokiUrl'])('holds %s to the rules of the ERP address', (field) => {
    expect(connectionProfileSchema.parse({ ...profile, [field]: 'https://watch.example/p/' })).toMatchObject({ [field]: 'https://watch.example/p' });
    expect(connectionProfileSchema.safeParse({ ...profile, [field]: 'http://watch.example' }).success).toBe(false);
    expect(connectionProfileSchema.safeParse({ ...profile, [field]: 'file:///etc/passwd' }).success).toBe(false);
  });

  it('takes the key of the audit log only where it is one, and its own checksum fits', () => {
    const key = formatKey(noteKey('erp.example/audit', signatureTypes.ed25519, new Uint8Array(32).fill(7)));
    const parse = (auditKey: unknown) => connectionProfileSchema.safeParse({ ...profile, auditKey });
    expect(parse(` ${key}\n`).data?.auditKey).toBe(key);
    expect(parse(undefined).success).toBe(true);
    for (const wrong of ['', 'erp.example/audit', key.replace('audit+', 'audit2+'), key.slice(0, -1), formatKey(noteKey('pc', signatureTypes.cosignature, new Uint8Array(32))), 5]) expect(parse(wrong).success, String(wrong)).toBe(false);
  });

  it('keeps passwords of demo accounts out of everything but a demo', () => {
    const demoAccounts = [{ name: 'sales', password: 'sales', roles: ['sales'] }];
    expect(connectionProfileSchema.safeParse({ ...profile, demoAccounts }).success).toBe(false);
    expect(connectionProfileSchema.safeParse({ ...profile, environment: 'demo', demoAccounts }).success).toBe(true);
  });
});

describe('settings', () => {
  it.each([{}, { language: 'fr', theme: 7, layout: 'x' }, { layout: { a: { b: 1 } } }, { unknown: true }])('reads %j as the defaults: a damaged file costs nothing', (stored) => {
    expect(settingsSchema.parse(stored)).toEqual({ language: 'system', theme: 'system', layout: {}, policy: {} });
  });
  it('keeps what is right', () => {
    expect(settingsSchema.parse({ language: 'en', theme: 'dark', layout: { 'documents.split': 480 } })).toEqual({ language: 'en', theme: 'dark', layout: { 'documents.split': 480 }, policy: {} });
  });
});
