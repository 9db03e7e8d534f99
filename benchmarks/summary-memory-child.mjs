import * as library from '../dist/index.js';
import { summarizeStream } from './summary-memory.mjs';

const [rows, customers] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(summarizeStream(library, rows, customers)));
