import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decisionTree, gradientBoosting, logisticRegression, neuralNetwork, randomForest } from '../src/churn/index.ts';

const page = readFileSync(join(import.meta.dirname, 'churn.md'), 'utf8');
const [, chapter] = page.match(/^## The classifiers, option by option\n([\s\S]*?)^## /m)!;
const [common, ...sections] = chapter!.split(/^### /m);
const classifiers = {
  'Logistic regression': logisticRegression,
  'Decision tree': decisionTree,
  'Random forest': randomForest,
  'Gradient boosting': gradientBoosting,
  'Neural network': neuralNetwork,
};

/** The options that a classifier knows, as it tells who gives another one. */
function optionsOf(classifier: (options: never) => unknown): readonly string[] {
  try {
    classifier({ notAnOption: 1 } as never);
  } catch (error) {
    return (error as Error).message.split('known are ')[1]!.split(', ');
  }
  throw new Error('an unknown option was accepted');
}

describe('docs/churn.md', () => {
  it('has a section on every classifier', () => {
    expect(sections.map((own) => own.slice(0, own.indexOf('\n')).replace(/ [^ ]+$/, ''))).toEqual(
      Object.keys(classifiers),
    );
  });

  it.each(Object.entries(classifiers))('names every option of %s, and no other', (name, classifier) => {
    const own = sections.find((section) => section.startsWith(name))!;
    const named = [...own.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) => cell!.replaceAll('`', '').split(', '));
    const shared = ['label', 'features', 'weight', 'as', 'group'];
    for (const option of shared) expect(common).toContain(`\`${option}\``);
    expect([...new Set([...shared, ...named])].sort()).toEqual([...optionsOf(classifier)].sort());
  });
});
