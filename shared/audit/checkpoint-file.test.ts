import { describe, expect, it } from 'vitest';
import { newSigner } from '../../test/fixtures/audit/random-log.ts';
import { formatCheckpointFile, parseCheckpointFile } from './checkpoint-file.ts';
import { formatKey } from './note.ts';

const { key } = newSigner('device/ab12');
const note = 'example.com/log\n5\nroot\n\n— example.com/log AAAA\n';

describe('a checkpoint file', () => {
  it('brings the key of whoever hands it over', () => expect(parseCheckpointFile(formatCheckpointFile(note, key))).toEqual({ note, key }));

  it('may be a bare note', () => expect(parseCheckpointFile(note)).toEqual({ note, key: null }));

  it('survives the line ends of other systems', () => {
    expect(parseCheckpointFile(formatCheckpointFile(note, key).replaceAll('\n', '\r\n'))).toEqual({ note, key });
    expect(parseCheckpointFile(note.replaceAll('\n', '\r\n'))).toEqual({ note, key: null });
  });

  it('is none when its key cannot be read', () => {
    for (const text of [`valeo-checkpoint/1\nnonsense\n\n${note}`, `valeo-checkpoint/1\n${formatKey(key)}\n${note}`, 'valeo-checkpoint/1\n']) expect(parseCheckpointFile(text)).toBeNull();
  });
});
