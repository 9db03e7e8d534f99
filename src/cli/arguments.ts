import { parseArgs } from 'node:util';
import { fail } from '../errors.ts';

export const USAGE = `clientele – for every customer: will they stay, what are they worth, what should be done

  clientele run      JOB.json   [DATA | --source NAME=PATH …] [--out FOLDER]   fit, score, describe
  clientele fit      JOB.json   [DATA | --source NAME=PATH …] [--out FOLDER]   fit only: writes the model
  clientele score    MODEL.json [DATA | --source NAME=PATH …] [--out FOLDER]   score with a fitted model
  clientele describe MODEL.json                                               what a model is and how good it was

DATA is short for --source when the job has one source. --out defaults to the current folder. --as-of YYYY-MM-DD lets
score summarise purchase logs as of that day instead of the day in the model; --strict lets it end with 1 when a cell is
null or of a level that the model does not know. --quiet leaves out the progress bar. --version prints the version.`;

/** Every option of the command line. */
export const OPTIONS = {
  source: { type: 'string', multiple: true },
  out: { type: 'string' },
  'as-of': { type: 'string' },
  strict: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const VERBS = ['run', 'fit', 'score', 'describe'] as const;

export interface Arguments {
  readonly verb: (typeof VERBS)[number];
  readonly file: string;
  /** Path of the only source, when given bare. */
  readonly data: string | undefined;
  readonly sources: ReadonlyMap<string, string>;
  readonly out: string;
  /** Day as of which `score` summarises logs; undefined: the days in the model file. */
  readonly asOf: string | undefined;
  /** Whether `score` objects to nulls and unknown levels. */
  readonly strict: boolean;
  readonly quiet: boolean;
}

/** The command line as data, or what else it asks for. */
export function readArguments(args: readonly string[]): Arguments | 'help' | 'version' {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return 'help';
  if (values.version) return 'version';
  const [verb, file, data, ...rest] = positionals;
  if (!VERBS.includes(verb as Arguments['verb']))
    return fail('invalid-option', `unknown command "${verb ?? ''}": use one of ${VERBS.join(', ')}`);
  if (file === undefined)
    return fail(
      'invalid-option',
      `${verb}: name the file, e.g. clientele ${verb} ${verb === 'run' || verb === 'fit' ? 'job' : 'model'}.json`,
    );
  if (rest.length > 0)
    fail('invalid-option', `${verb}: unexpected ${rest.join(' ')}; use --source NAME=PATH for several sources`);
  const sources = new Map<string, string>();
  for (const pair of values.source ?? []) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) fail('invalid-option', `invalid --source ${pair}: write NAME=PATH`);
    const name = pair.slice(0, at);
    if (sources.has(name)) fail('invalid-option', `--source ${name} is given twice: give each source once`);
    sources.set(name, pair.slice(at + 1));
  }
  if (verb !== 'score' && values['as-of'] !== undefined)
    fail('invalid-option', `${verb} takes no --as-of: only score does`);
  if (verb !== 'score' && values.strict !== undefined)
    fail('invalid-option', `${verb} takes no --strict: only score does`);
  if (verb === 'describe' && (data ?? values.source ?? values.out) !== undefined)
    fail('invalid-option', 'describe reads a model and nothing else: leave out data, --source and --out');
  if (data !== undefined && sources.size > 0) fail('invalid-option', `give either ${data} or --source, not both`);
  return {
    verb: verb as Arguments['verb'],
    file,
    data,
    sources,
    out: values.out ?? '.',
    asOf: values['as-of'],
    strict: values.strict ?? false,
    quiet: values.quiet ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    return fail('invalid-option', (error as Error).message);
  }
}
