import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { BackendInfo } from '../backend/index.ts';

export type Reply = { status: number; headers: Record<string, string>; body: string };
export type Signer = { key: CryptoKey; publicJwk: JWK };
export type Endpoint = 'discovery' | 'jwks' | 'token' | 'par' | 'auth';
type Json = Record<string, unknown>;

/** What one case does to the provider's answers. All of it is optional: without any, the proxy is an honest provider. */
export type Mutation = {
  /** Changes an answer; `'drop'` breaks the connection, a number of milliseconds delays it. */
  reply?: Partial<Record<Endpoint, (reply: Reply) => Reply | 'drop' | number>>;
  /** Changes the claims before the ID token is signed. */
  claims?: (claims: JWTPayload) => JWTPayload;
  /** Makes the whole ID token from its claims. */
  idToken?: (claims: JWTPayload, honest: Signer) => string | null | Promise<string | null>;
};

export const json = (change: (body: Json) => Json) => (reply: Reply): Reply => ({ ...reply, body: JSON.stringify(change(JSON.parse(reply.body) as Json)) });
export const answer = (status: number, body: string, type = 'application/json') => (): Reply => ({ status, headers: { 'content-type': type }, body });

export async function createSigner(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { key: privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

export const sign = (claims: JWTPayload, { key, publicJwk }: Signer, header: Json = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: publicJwk.kid ?? '', typ: 'JWT', ...header }).sign(key);

const endpointOf = (path: string): Endpoint | null =>
  path.includes('/.well-known/openid-configuration') ? 'discovery' : path.endsWith('/jwks') ? 'jwks' : path.endsWith('/token') ? 'token' : path.endsWith('/request') ? 'par' : path.endsWith('/auth') ? 'auth' : null;

/**
 * An identity provider that lies where it is told to: it stands before the real one, calls itself the issuer, and signs
 * the ID tokens anew with a key of its own.
 */
export async function createHostileProxy(backend: BackendInfo) {
  const honest = await createSigner('proxy');
  const upstream = new URL(backend.issuer).origin;
  let mutation: Mutation = {};
  let origin = '';

  async function resign(body: string): Promise<string> {
    const answered = JSON.parse(body) as Json;
    if (typeof answered['id_token'] !== 'string') return body;
    const claims = JSON.parse(Buffer.from(answered['id_token'].split('.')[1] ?? '', 'base64url').toString()) as JWTPayload;
    const ours = mutation.claims?.({ ...claims, iss: `${origin}/idp` }) ?? { ...claims, iss: `${origin}/idp` };
    const token = mutation.idToken === undefined ? await sign(ours, honest) : await mutation.idToken(ours, honest);
    const { id_token: _, ...rest } = answered;
    return JSON.stringify(token === null ? rest : { ...rest, id_token: token });
  }

  async function forward(request: IncomingMessage, endpoint: Endpoint | null): Promise<{ reply: Reply; cookies: string[] }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers as Record<string, string>;
    const answered = await fetch(upstream + (request.url ?? ''), { method: request.method ?? 'GET', headers, redirect: 'manual', ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
    const text = (await answered.text()).replaceAll(upstream, origin);
    const location = answered.headers.get('location')?.replaceAll(upstream, origin).replaceAll(encodeURIComponent(upstream), encodeURIComponent(origin));
    const body = endpoint === 'jwks' ? JSON.stringify({ keys: [honest.publicJwk] }) : endpoint === 'token' && answered.ok ? await resign(text) : text;
    const type = answered.headers.get('content-type') ?? 'text/plain';
    return { reply: { status: answered.status, headers: { 'content-type': type, ...(location === undefined ? {} : { location }) }, body }, cookies: answered.headers.getSetCookie() };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = endpointOf((request.url ?? '').split('?')[0] ?? '');
    const { reply, cookies } = await forward(request, endpoint);
    const changed = endpoint === null ? reply : mutation.reply?.[endpoint]?.(reply) ?? reply;
    if (changed === 'drop') return void request.socket.destroy();
    if (typeof changed === 'number') await new Promise((resolve) => { setTimeout(resolve, changed).unref(); });
    const { status, headers, body } = typeof changed === 'number' ? reply : changed;
    response.writeHead(status, cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers);
    response.end(body);
  }

  const server = createServer((request, response) => { serve(request, response).catch(() => request.socket.destroy()); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer: `${origin}/idp`,
    honest,
    /** From now on; `{}` makes it honest again. */
    lie: (next: Mutation) => { mutation = next; },
    close: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

export type HostileProxy = Awaited<ReturnType<typeof createHostileProxy>>;
