import * as library from '../dist/index.js';
import * as ingest from '../dist/ingest/index.js';
import { readResident, scoreStream } from './memory.mjs';

const [what, count, of] = process.argv.slice(2);
const measured =
  what === 'resident'
    ? await readResident(library, ingest, Number(count), of)
    : await scoreStream(library, Number(count), Number(of));
console.log(JSON.stringify(measured));
