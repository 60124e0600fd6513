import type { Person } from '../backend/login.ts';

/** Fields of a page's first form, as a browser would send them. */
function formOf(html: string, page: URL): { action: URL; fields: URLSearchParams } | null {
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) return null;
  const fields = [...html.matchAll(/<input[^>]*>/g)].map(([tag]) => [/name="([^"]+)"/.exec(tag)?.[1], /value="([^"]*)"/.exec(tag)?.[1] ?? ''] as const);
  return { action: new URL(action.replaceAll('&amp;', '&'), page), fields: new URLSearchParams(fields.filter((field): field is readonly [string, string] => field[0] !== undefined).map(([name, value]) => [name, value])) };
}

/**
 * Plays the other device: opens the address with the code, confirms it and signs in.
 * @throws Error when the provider's pages do not lead to the end.
 */
export async function approveDevice(address: URL, person: Person): Promise<void> {
  const cookies = new Map<string, string>();
  let url = address;
  let body: URLSearchParams | undefined;
  for (let step = 0; step < 15; step++) {
    const response: Response = await fetch(url, {
      redirect: 'manual', headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }, ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    body = undefined;
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      continue;
    }
    const html = await response.text();
    const form = formOf(html, url);
    if (form === null) {
      if (html.includes('Gerät verbunden')) return;
      throw new Error(`no way on at ${url.pathname}`);
    }
    if (form.fields.has('password')) {
      form.fields.set('username', person.name);
      form.fields.set('password', person.password);
    }
    // The confirming button lies outside of the form and carries no value of its own.
    if (form.fields.has('xsrf') && !form.fields.has('user_code')) form.fields.set('user_code', address.searchParams.get('user_code') ?? '');
    [url, body] = [form.action, form.fields];
  }
  throw new Error('the device was not confirmed');
}
