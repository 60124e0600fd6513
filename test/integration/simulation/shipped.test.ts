import { simulationTests } from './seeds.ts';

simulationTests('shipped');
