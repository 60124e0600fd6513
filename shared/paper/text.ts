/** Control characters, and those that make text run backwards or hide: on paper, text must read as it is. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for HTML, in content and in quoted attributes alike. */
export const escapeHtml = (text: string): string => text.replaceAll(/[\t\n\r]/g, ' ').replaceAll(invisible, '').replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');

/** Widths in em, never below what Arial, its metric twins and DejaVu draw, so that a line that fits here fits on paper. */
function widthOf(sign: string): number {
  if (/[ijltfrI.,:;'|!()[\]\s-]/.test(sign)) return 0.4;
  if (/[mwMW@%]/.test(sign)) return 1;
  if (/[A-ZÄÖÜ]/.test(sign)) return 0.79;
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x250) return 0.64;
  return code < 0x2e80 ? 0.8 : 1.1;
}

/**
 * Breaks text into the lines it will have on paper. Line breaks stay; words that are longer than a line are cut. What
 * the layout counts here is what is printed, so pages never depend on how a browser wraps.
 * @param width of a line in em @param most lines; what is left over ends in an ellipsis
 */
export function wrapText(text: string, width: number, most = 400): string[] {
  const lines: string[] = [];
  for (const paragraph of text.replaceAll(/\r\n?/g, '\n').split('\n')) {
    let line = '';
    let used = 0;
    for (const word of paragraph.split(/(?<=\s)/u)) {
      const needed = sum(word.trimEnd());
      if (used > 0 && used + needed > width) {
        lines.push(line.trimEnd());
        [line, used] = ['', 0];
      }
      for (const sign of word) {
        if (used + widthOf(sign) > width && line.trim() !== '') {
          lines.push(line.trimEnd());
          [line, used] = ['', 0];
          if (sign.trim() === '') continue;
        }
        line += sign;
        used += widthOf(sign);
      }
    }
    lines.push(line.trimEnd());
  }
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1] ?? ''} …`];
}

const sum = (word: string): number => Array.from(word).reduce((all, sign) => all + widthOf(sign), 0);
