const systems: readonly [RegExp, string][] = [[/Windows/i, 'Windows'], [/Android/i, 'Android'], [/iPhone|iPad/i, 'iOS'], [/Mac OS|Macintosh|Darwin/i, 'macOS'], [/Linux|X11/i, 'Linux']];
const programs: readonly [RegExp, string][] = [[/VALEO|Electron/i, 'VALEO NeuroERP Admin'], [/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari'], [/openid-client|node|undici/i, 'VALEO NeuroERP Admin']];

/** What a user agent says about program and system, in two words; what it is not known to say is left out. It proves nothing: anybody may send any. */
export function deviceOf(userAgent: string): string | null {
  const named = [programs, systems].map((list) => list.find(([pattern]) => pattern.test(userAgent))?.[1]);
  const words = named.filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join(' · ');
}
