import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

/**
 * One request past Chromium's network stack, which hides an answer from whoever asks in the name of a foreign origin
 * (Cross-Origin-Resource-Policy), while exactly its headers are to be seen. It carries no token and changes nothing, so it does
 * not matter who answers: the check of the certificate is another one. Past the company's proxies too, where it then fails.
 * @throws the failure of the connection
 */
export function askDirectly(url: string, { method, headers, signal }: { method: string; headers: Record<string, string>; signal: AbortSignal }): Promise<{ status: number; headers: Headers }> {
  return new Promise((resolve, reject) => {
    const send = url.toLowerCase().startsWith('https:') ? tlsRequest : plainRequest;
    const outgoing = send(url, { method, headers, signal, rejectUnauthorized: false, agent: false }, (answer) => {
      const seen = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) for (const one of [value ?? []].flat()) seen.append(name, one);
      answer.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: seen });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
