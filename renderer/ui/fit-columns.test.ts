import { describe, expect, it } from 'vitest';
import { fitColumns } from './fit-columns.ts';

const columns = ['number', 'type', 'date', 'partner', 'net'].map((id) => ({ id, width: 100 }));
const ids = (width: number): string[] => fitColumns(columns, ['number', 'partner', 'date', 'type', 'net'], width).map((column) => column.id);

describe('columns for a width', () => {
  it('are all there when there is room, in their own order', () => expect(ids(600)).toEqual(['number', 'type', 'date', 'partner', 'net']));
  it('leave by priority', () => {
    expect(ids(500)).toEqual(['number', 'type', 'date', 'partner']);
    expect(ids(400)).toEqual(['number', 'date', 'partner']);
  });
  it('never go below the three that matter', () => expect(ids(50)).toEqual(['number', 'date', 'partner']));
});
