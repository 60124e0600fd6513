/** What stands in the log instead of a secret. */
export const redacted = '[redacted]';

/**
 * Field names whose value is never written, whatever it is. `input` is the echo of the request body in a 422 answer
 * (ERP-API section 1) and so holds document text.
 */
const secretKey = /token|passw|kennwort|secret|api[-_]?key|authoriz|bearer|cookie|credential|private[-_]?key|(database|encryption|recovery|master)[-_]?key|verifier|nonce|e-?mail|iban|^input$|^body$/i;

// Every repetition has a bound: an unbounded one in front of a rare character takes quadratic time on long texts.
const patterns: readonly [RegExp, string][] = [
  // JWT and anything shaped like one; the header of every JWS starts with {" which is eyJ in base64url.
  [/(?<![\w-])[\w-]*?eyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, redacted],
  [/\b(bearer|basic|dpop)\s+[\w~+/.=-]{6,}/gi, `$1 ${redacted}`],
  [/([?&#](?:code|state|session_state|id_token|login_hint|id_token_hint)=)[^&\s"'#]+/gi, `$1${redacted}`],
  [/((?:token|passw|kennwort|secret|api[-_ ]?key|verifier)[\w-]{0,40}["']?\s{0,4}[=:]\s{0,4})("[^"]*"|'[^']*'|[^\s"'&,;}\])]+)/gi, `$1${redacted}`],
  [/((?:token|passwor[dt]|kennwort|secret|key)\s{1,4})("[^"]*"|'[^']*')/gi, `$1${redacted}`],
  [/(:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/g, `$1${redacted}@`],
  [/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, redacted],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, redacted],
];

const anyCaseIban = /\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b/gi;

/** ISO 13616 check digits: lets lower-case spellings be found without taking every hash for an account number. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '').toUpperCase();
  let rest = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Removes everything that looks like a secret or a person's account from a text. */
export function redactText(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean.replace(anyCaseIban, (match) => (isIban(match) ? redacted : match));
}

const maxDepth = 8;
/** Longer texts are whole answers of a server; cutting them also bounds the time that the patterns take. */
const maxText = 4000;
const cut = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText)}…` : text);

/**
 * A copy of a JSON-like value without secrets: by field name at any depth, and by pattern in every text (also in field
 * names, because maps are keyed by data). Booleans and nulls under a secret name stay, they tell only whether there was one.
 */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(cut(value));
  if (value === null || typeof value !== 'object') return value;
  if (depth >= maxDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const clean: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const isSecret = secretKey.test(key) && item !== null && typeof item !== 'boolean';
    clean[redactText(cut(key))] = isSecret ? redacted : redactValue(item, depth + 1);
  }
  return clean;
}

/** One line of JSON without secrets. A line that is no JSON is cleaned as text. */
export function redactLine(line: string): string {
  try {
    return JSON.stringify(redactValue(JSON.parse(line)));
  } catch {
    return redactText(cut(line.trimEnd()));
  }
}
