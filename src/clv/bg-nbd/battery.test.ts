import { historyBattery } from '../family/battery.test-support.ts';
import { bgNbd } from './bg-nbd.ts';
import { bgNbdKind } from './model.ts';

historyBattery(bgNbd, bgNbdKind, {
  at: [
    { r: 0.9, alpha: 7, a: 0.8, b: 2.4 },
    { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
    { r: 2.5, alpha: 30, a: 1, b: 4 },
  ],
});
