/** What is known of the frame that sent a message. */
export type Sender = { known: boolean; isTopFrame: boolean; url: string };

/** True only for the top frame of a window we made, showing exactly our own origin. */
export function isTrustedSender(sender: Sender, origin: string): boolean {
  if (!sender.known || !sender.isTopFrame) return false;
  try {
    const url = new URL(sender.url);
    // Node's URL has the opaque origin "null" for custom schemes, so scheme and host are compared by themselves.
    return `${url.protocol}//${url.host}` === origin && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}
