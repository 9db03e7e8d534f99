import { describe, expect, it } from 'vitest';
import { failure } from '../job/job.test-support.ts';
import { OPTIONS, readArguments, USAGE } from './arguments.ts';

const refused = (...args: string[]): string => failure(() => readArguments(args));

describe('the command line', () => {
  it('asks for help by --help, -h, or by nothing, and for the version', () => {
    for (const args of [[], ['--help'], ['-h'], ['run', '--help']]) expect(readArguments(args)).toBe('help');
    expect(readArguments(['--version'])).toBe('version');
    for (const verb of ['run', 'fit', 'score', 'describe']) expect(USAGE).toMatch(new RegExp(`clientele ${verb} `));
  });

  it('reads a verb, a file, and data as one path or by name', () => {
    expect(readArguments(['run', 'job.json', 'data.csv', '--out', 'there', '--quiet'])).toEqual({
      verb: 'run',
      file: 'job.json',
      data: 'data.csv',
      sources: new Map(),
      out: 'there',
      strict: false,
      quiet: true,
    });
    expect(readArguments(['score', 'model.json', '--source', 'a=x=1.csv', '--source', 'b=y.csv'])).toEqual({
      verb: 'score',
      file: 'model.json',
      data: undefined,
      sources: new Map([
        ['a', 'x=1.csv'],
        ['b', 'y.csv'],
      ]),
      out: '.',
      strict: false,
      quiet: false,
    });
    expect(readArguments(['score', 'model.json', '--as-of', '2025-01-31', '--strict'])).toMatchObject({
      asOf: '2025-01-31',
      strict: true,
    });
    for (const { flag, name } of [...USAGE.matchAll(/(?<flag>--(?<name>[a-z-]+))/g)].map(({ groups }) => groups!))
      expect([flag, Object.keys(OPTIONS)]).toEqual([flag, expect.arrayContaining([name])]);
  });

  it('says what it cannot read, and what to write instead', () => {
    expect(refused('train', 'job.json')).toBe(
      'invalid-option: unknown command "train": use one of run, fit, score, describe',
    );
    expect(refused('--quiet')).toMatch(/^invalid-option: unknown command ""/);
    expect(refused('run', 'job.json', '--strict')).toBe('invalid-option: run takes no --strict: only score does');
    expect(refused('run', 'job.json', '--as-of', '2025-01-31')).toBe(
      'invalid-option: run takes no --as-of: only score does',
    );
    expect(refused('run')).toBe('invalid-option: run: name the file, e.g. clientele run job.json');
    expect(refused('score')).toBe('invalid-option: score: name the file, e.g. clientele score model.json');
    expect(refused('run', 'job.json', 'a.csv', 'b.csv')).toBe(
      'invalid-option: run: unexpected b.csv; use --source NAME=PATH for several sources',
    );
    expect(refused('run', 'job.json', '--verbose')).toMatch(/^invalid-option: Unknown option '--verbose'/);
    expect(refused('run', 'job.json', '--out')).toMatch(/^invalid-option: .*--out/);
    for (const pair of ['a', '=x', 'a='])
      expect(refused('run', 'job.json', '--source', pair)).toBe(
        `invalid-option: invalid --source ${pair}: write NAME=PATH`,
      );
    expect(refused('run', 'job.json', '--source', 'a=x', '--source', 'a=y')).toBe(
      'invalid-option: --source a is given twice: give each source once',
    );
    expect(refused('run', 'job.json', 'x', '--source', 'a=x')).toBe(
      'invalid-option: give either x or --source, not both',
    );
    for (const more of [['data.csv'], ['--source', 'a=x'], ['--out', 'there']])
      expect(refused('describe', 'model.json', ...more)).toBe(
        'invalid-option: describe reads a model and nothing else: leave out data, --source and --out',
      );
  });
});
