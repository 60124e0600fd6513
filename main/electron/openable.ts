/** Only web pages leave the app: https anywhere, plain http on this computer. Anything else could start a program. */
export function isOpenable(address: string): boolean {
  try {
    const url = new URL(address);
    if (url.username !== '' || url.password !== '') return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname));
  } catch {
    return false;
  }
}

/** Files that the app writes and that a program shows rather than runs. */
export const isViewable = (file: string): boolean => /\.(pdf|csv|xlsx|json)$/i.test(file);
