import { z } from 'zod';
import { listQuerySchema, sortColumns, type ListQuery } from '../../../../shared/domain/document-list.ts';
import { dateSchema, documentTypeSchema } from '../../../../shared/domain/document.ts';
import { documentTypeInfo, documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import { workflowStateSchema } from '../../../../shared/domain/workflow.ts';

/** What a list asks for, without the window. */
export type WindowQuery = Omit<ListQuery, 'offset' | 'limit'>;

export const datePresets = ['today', 'week', 'month', 'lastMonth', 'quarter', 'year', 'lastYear', 'custom'] as const;
export type DatePreset = (typeof datePresets)[number];

/**
 * What a person chose on the list. A preset is kept as such, so that "this month" means the current month next month
 * too. Damaged parts of a remembered value fall back one by one.
 */
export const listFiltersSchema = z.object({
  types: z.array(documentTypeSchema).catch([]).default([]),
  statuses: z.array(z.string().max(64)).max(40).catch([]).default([]),
  workflow: z.array(workflowStateSchema).catch([]).default([]),
  date: z.object({ preset: z.enum(datePresets), from: dateSchema.nullable(), to: dateSchema.nullable() }).nullable().catch(null).default(null),
  partner: z.object({ id: z.string().max(200), label: z.string().max(400), kind: z.enum(['customers', 'suppliers']) }).nullable().catch(null).default(null),
  sort: z.object({ by: z.enum(sortColumns), direction: z.enum(['asc', 'desc']) }).catch({ by: 'changed', direction: 'desc' }).default({ by: 'changed', direction: 'desc' }),
});
export type ListFilters = z.infer<typeof listFiltersSchema>;

export const noFilters: ListFilters = listFiltersSchema.parse({});

/** Reads a remembered value; whatever is wrong with it, a usable set of filters comes back. */
export function parseFilters(stored: string): ListFilters {
  try {
    return listFiltersSchema.parse(JSON.parse(stored));
  } catch {
    return noFilters;
  }
}

const iso = (year: number, month: number, day: number): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The inclusive days of a preset, seen from `today` (a local calendar day); weeks start on Monday. */
export function presetRange(preset: Exclude<DatePreset, 'custom'>, today: Date): { from: string; to: string } {
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  switch (preset) {
    case 'today': return { from: iso(year, month, day), to: iso(year, month, day) };
    case 'week': {
      const sinceMonday = (today.getDay() + 6) % 7;
      return { from: iso(year, month, day - sinceMonday), to: iso(year, month, day - sinceMonday + 6) };
    }
    case 'month': return { from: iso(year, month, 1), to: iso(year, month + 1, 0) };
    case 'lastMonth': return { from: iso(year, month - 1, 1), to: iso(year, month, 0) };
    case 'quarter': {
      const start = month - (month % 3);
      return { from: iso(year, start, 1), to: iso(year, start + 3, 0) };
    }
    case 'year': return { from: iso(year, 0, 1), to: iso(year, 11, 31) };
    case 'lastYear': return { from: iso(year - 1, 0, 1), to: iso(year - 1, 11, 31) };
  }
}

/** The query that the filters and the search text stand for. Limits of the contract are kept here, not at the field. */
export function toQuery(filters: ListFilters, text: string, today: Date): WindowQuery {
  const { date } = filters;
  const range = date === null ? { from: null, to: null } : date.preset === 'custom' ? date : presetRange(date.preset, today);
  const words = text.trim().slice(0, 200);
  return {
    sort: filters.sort,
    ...(filters.types.length > 0 && { types: filters.types }),
    ...(filters.statuses.length > 0 && { statuses: filters.statuses }),
    ...(filters.workflow.length > 0 && { workflow: filters.workflow }),
    ...(range.from !== null && { dateFrom: range.from }),
    ...(range.to !== null && { dateTo: range.to }),
    ...(filters.partner !== null && { partnerId: filters.partner.id }),
    ...(words !== '' && { text: words }),
  };
}

/** How many filters narrow the list; the sort order is none. */
export const activeFilters = (filters: ListFilters): number =>
  [filters.types.length, filters.statuses.length, filters.workflow.length, filters.date, filters.partner].filter((one) => one !== null && one !== 0).length;

/** The statuses that the chosen types can have, each once, in the order of the flow. */
export function statusChoices(types: readonly DocumentType[]): string[] {
  return [...new Set((types.length === 0 ? documentTypes : types).flatMap((type) => Object.keys(documentTypeInfo[type].statuses)))];
}

/** Chooses types and drops chosen statuses that none of them has. */
export function withTypes(filters: ListFilters, types: DocumentType[]): ListFilters {
  const known = new Set(statusChoices(types));
  return { ...filters, types, statuses: filters.statuses.filter((status) => known.has(status)) };
}

/** Adds or takes away one value of a filter. */
export const toggled = <T>(values: readonly T[], value: T): T[] => (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);

/** True when the contract takes the query: what a list screen builds must never be refused. */
export const isValidQuery = (query: WindowQuery): boolean => listQuerySchema.safeParse({ ...query, offset: 0, limit: 1 }).success;
