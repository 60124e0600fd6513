import { documentNumberSchema } from '../../../shared/domain/document.ts';
import { documentTypeInfo, documentTypes, domains, type Domain } from '../../../shared/domain/document-types.ts';
import { printedHashSchema } from '../../../shared/domain/verify.ts';

/** What a code or an address says it belongs to; `domain` is null where only a number stands. */
export type VerifyReference = { domain: Domain | null; number: string; hash: string | null };

export type ReadReference =
  | { kind: 'own'; reference: VerifyReference }
  /** An address of another server. It is never asked, whatever it says it is. */
  | { kind: 'foreign'; host: string }
  | { kind: 'none' };

const longest = 2000;

function partsBelow(base: URL, url: URL): string[] | null {
  const root = base.pathname.replace(/\/+$/, '');
  if (url.origin !== base.origin || !url.pathname.startsWith(`${root}/verify/`)) return null;
  try {
    return url.pathname.slice(`${root}/verify/`.length).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

/**
 * What a scanned, pasted or typed text refers to: a verify address of this profile's server, an address of another one, or
 * a bare document number as the shipped server prints it.
 * @param erpUrl base address of the profile's server
 */
export function readReference(text: string, erpUrl: string): ReadReference {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > longest) return { kind: 'none' };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    if (!URL.canParse(trimmed)) return { kind: 'none' };
    const url = new URL(trimmed);
    const base = new URL(erpUrl);
    if (url.origin !== base.origin) return { kind: 'foreign', host: url.host === '' ? url.protocol : url.host };
    const [domain, number, hash, ...rest] = partsBelow(base, url) ?? [];
    const parsed = documentNumberSchema.safeParse(number);
    const isDomain = domains.find((known) => known === domain);
    if (isDomain === undefined || !parsed.success || rest.length > 0) return { kind: 'none' };
    if (hash === undefined || hash === '') return { kind: 'own', reference: { domain: isDomain, number: parsed.data, hash: null } };
    const printed = printedHashSchema.safeParse(hash.toLowerCase());
    return printed.success ? { kind: 'own', reference: { domain: isDomain, number: parsed.data, hash: printed.data } } : { kind: 'none' };
  }
  const number = documentNumberSchema.safeParse(trimmed);
  // A number has a digit; a word from some other code is none.
  return number.success && /\d/.test(number.data) ? { kind: 'own', reference: { domain: null, number: number.data, hash: null } } : { kind: 'none' };
}

/** The domains a number can belong to, the one that its prefix names first. */
export function likelyDomains(number: string): Domain[] {
  const prefixed = documentTypes.filter((type) => number.toUpperCase().startsWith(documentTypeInfo[type].prefix)).map((type) => documentTypeInfo[type].domain);
  return [...new Set([...prefixed, ...domains])];
}
