import type { SecurityPorts } from '../ports.ts';

export type Posture = object;

export function createPosture(_ports: SecurityPorts): Posture {
  return {};
}
