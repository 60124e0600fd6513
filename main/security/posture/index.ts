import type { SecurityPorts } from '../ports.ts';
import { PostureService } from './posture.ts';

export type Posture = PostureService;

export const createPosture = (ports: SecurityPorts): Posture => new PostureService(ports);
