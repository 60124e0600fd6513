/** Names that Windows gives to devices, whatever the extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const longest = 120;

/**
 * A file name that every system takes, made from texts of a document: no path, no control or direction character, nothing that Windows
 * refuses. @param extension with its dot
 */
export function safeFileName(text: string, extension: string): string {
  const plain = text.normalize('NFC')
    // Control characters, and those that make text run backwards: a name must read as what it is.
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/[<>:"/\\|?*]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[ .]+|[ .]+$/g, '');
  const name = Array.from(plain).slice(0, longest).join('').trimEnd();
  return `${name === '' || reserved.test(name) ? `_${name}` : name}${extension}`;
}
