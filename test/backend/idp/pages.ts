/** The identity provider's own pages: plain German HTML, no script, nothing from another host. */

/** `form-action` also governs the redirect after the post, so the client's loopback listener must be in it. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'";

const style = `
:root { color-scheme: light dark; --accent: #2f6b3a; --line: #c8cec6; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --accent: #7fbf8b; --line: #454c46; --bad: #f2b8b5 } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f3f5f2, #161917); color: light-dark(#1b1f1c, #e4e8e4) }
main { width: min(23rem, 92vw); padding: 2rem; background: light-dark(#fff, #1f2421); border: 1px solid var(--line); border-radius: 8px }
h1 { font-size: 1.25rem; margin: 0 0 .25rem } p { margin: 0 0 1.25rem; opacity: .8 }
label { display: block; margin: 0 0 1rem; font-weight: 600 }
input { display: block; width: 100%; margin-top: .25rem; padding: .5rem .6rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px }
button { width: 100%; padding: .6rem; font: inherit; font-weight: 600; color: light-dark(#fff, #10210f); background: var(--accent); border: 0; border-radius: 4px; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
a { display: block; margin-top: 1rem; text-align: center; color: inherit } .error { color: var(--bad); opacity: 1; font-weight: 600 }
code { font-size: 1.4rem; letter-spacing: .1em }`;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One page in the provider's layout; `content` is trusted HTML. */
export function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>`;
}

/** The sign-in form. `error` is shown above the fields and announced. */
export function loginPage(action: string, options: { username?: string; error?: string }): string {
  const error = options.error === undefined ? '' : `<p class="error" role="alert">${escapeHtml(options.error)}</p>`;
  return page('Anmelden', `<p>VALEO NeuroERP</p>${error}
<form method="post" action="${escapeHtml(action)}">
<label>Benutzername<input id="username" name="username" autocomplete="username" required autofocus value="${escapeHtml(options.username ?? '')}"></label>
<label>Kennwort<input id="password" name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Anmelden</button>
<a href="${escapeHtml(action)}/abort">Abbrechen</a></form>`);
}
