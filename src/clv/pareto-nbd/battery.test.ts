import { historyBattery } from '../family/battery.test-support.ts';
import { paretoNbdKind } from './model.ts';
import { paretoNbd } from './pareto-nbd.ts';

historyBattery(paretoNbd, paretoNbdKind, {
  at: [
    { r: 0.9, alpha: 7, s: 0.8, beta: 12 },
    { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
    { r: 2.5, alpha: 30, s: 1, beta: 4 },
    { r: 1.5, alpha: 4, s: 60, beta: 4000 },
  ],
});
