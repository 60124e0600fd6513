import type { SecurityPorts } from '../ports.ts';

export type Review = object;

export function createReview(_ports: SecurityPorts): Review {
  return {};
}
