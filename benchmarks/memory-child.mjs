import * as library from '../dist/index.js';
import { scoreStream } from './memory.mjs';

const [batches, rows] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await scoreStream(library, batches, rows)));
