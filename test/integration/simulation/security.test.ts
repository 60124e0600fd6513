import { simulationTests } from './seeds.ts';

simulationTests('security');
