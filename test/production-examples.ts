import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { PlaneName } from '../lib/release/plane-limits';
import type { Context } from './fresh-context';

/** A complete example of the docs: what its reader puts into the two files. */
export interface ProductionExample {
  readonly plane: PlaneName;

  /** For `context` of `cdk.json`. */
  readonly settings: Context;

  /** For `cdk.context.json`. */
  readonly state: Context;
}

/** The examples of `docs/production.md`, as they stand there: of each plane the settings, and then the state. */
export function productionExamples(): readonly ProductionExample[] {
  const files = new MarkdownIt()
    .parse(readFileSync(join(__dirname, '..', 'docs', 'production.md'), 'utf8'), {})
    .filter(({ type, info }) => type === 'fence' && info === 'json')
    .map(({ content }) => JSON.parse(content) as Context);
  return files.flatMap((settings, index) =>
    index % 2 === 0 ? [{ plane: settings.trafficPlane as PlaneName, settings, state: files[index + 1] as Context }] : [],
  );
}

/** The stages of an example. */
export const stages = ['dev', 'prod'] as const;
