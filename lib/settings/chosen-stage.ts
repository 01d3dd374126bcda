import { isDeepStrictEqual } from 'node:util';
import { closest } from 'fastest-levenshtein';
import type { Context } from './context';
import { appKeys, keyNames, stateKeyNames } from './keys';
import type { StageContext } from './shared-by-stages';
import { firstStateOf, keysOfStages, prefixAndRest, stageKeyName, stageNameType, stagesOf } from './stages';
import { oneOf, show } from './value-type';

/** What a context says of the stage that is chosen in it. */
export interface ChosenStage {
  /** `undefined`: there are no stages. */
  readonly name: string | undefined;

  /** What counts, by the names of the keys without a stage. */
  readonly context: Context;

  /** The keys whose value, or whose lack of one, is that of the stage. */
  readonly stagedKeys: readonly string[];

  /** What the files say of the other stages. */
  readonly others: readonly StageContext[];
}

/**
 * Chooses what counts for the stage that the key `stage` names. Of each key, that is the first of
 *
 * 1. the value without a stage, where it is not that of the files: it was given for this one command,
 * 2. the value of the stage,
 * 3. the value without a stage; not for the state of the slots, which is always that of one stage.
 *
 * @param files what the files hold of the context
 * @param problems where to note what is wrong
 * @returns `undefined` where it cannot be told which stage is meant, and nothing else can be judged
 */
export function chosenStage(context: Context, files: Context, problems: string[]): ChosenStage | undefined {
  const stages = stagesOf(context);
  if (context.stage === undefined && stages.length === 0) {
    return { name: undefined, context, stagedKeys: [], others: [] };
  }
  const name = stageNameType.parse(context.stage);
  const [known = appKeys.stage.example] = stages;
  if (context.stage !== undefined && name === undefined) {
    problems.push(`stage: got ${show(context.stage)}, expected ${stageNameType.expected}; ${example(known)}`);
    return undefined;
  }
  const found = choiceProblems(name, stages);
  problems.push(...found, ...stateProblems(files, name ?? known), ...nameProblems(stages));
  if (found.length > 0 || name === undefined) {
    return undefined;
  }
  problems.push(...otherStageProblems(context, files, name, stages));

  const isOfCommand = (key: string) => context[key] !== undefined && !isDeepStrictEqual(context[key], files[key]);
  const stagedKeys = keysOfStages.filter(
    (key) => !isOfCommand(key) && (context[stageKeyName(name, key)] !== undefined || stateKeyNames.includes(key)),
  );
  return {
    name,
    context: ofStage(context, name, (key) => stagedKeys.includes(key)),
    stagedKeys,
    others: stages
      .filter((other) => other !== name)
      .map((other) => ({ name: other, context: ofStage(files, other, (key) => files[stageKeyName(other, key)] !== undefined) })),
  };
}

// What counts for a stage, by the names of the keys without one.
function ofStage(context: Context, stage: string, isStaged: (key: string) => boolean): Context {
  const values = keyNames.map((key) => [key, context[isStaged(key) ? stageKeyName(stage, key) : key]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

// Whether it can be told which stage is meant.
function choiceProblems(name: string | undefined, stages: readonly string[]): string[] {
  const known = `${oneOf(stages).expected}, whose state the files have`;
  const restore = 'restore it with git checkout -- cdk.context.json';
  if (name === undefined) {
    return [`stage: got none, expected ${known}; ${example(stages[0])}`];
  }
  if (stages.length === 0) {
    return [
      `${stateKeyNames.map((key) => stageKeyName(name, key)).join(', ')}: got none of them, expected the state of the slots, which must not ` +
        `be guessed; ${restore}, or begin a new stage with ${firstStateOf(name)} in it`,
    ];
  }
  return stages.includes(name)
    ? []
    : [
        `stage: got ${show(name)}, expected ${known}; ${example(closest(name, [...stages]))}; ` +
          `if its state was lost, ${restore}; a new stage begins with ${firstStateOf(name)} in it`,
      ];
}

function example(stage: string | undefined): string {
  return `for example -c stage=${stage}`;
}

// In a file it could not be told whose state it is.
function stateProblems(files: Context, stage: string): string[] {
  const names = stateKeyNames.filter((key) => files[key] !== undefined);
  const [first] = names;
  return first === undefined
    ? []
    : [
        `${names.join(', ')}: got the state of no stage from the files, expected that of a stage; put the name of the stage in front ` +
          `of each, as in "${stageKeyName(stage, first)}"`,
      ];
}

// Names that begin with app and stage would be the same for prod with a label eu-b, and for prod-eu with b.
function nameProblems(stages: readonly string[]): string[] {
  return stages.flatMap((stage) =>
    stages
      .filter((other) => other.startsWith(`${stage}-`))
      .map(
        (other) =>
          `stage: got the stages ${stage} and ${other}, expected none that begins with another and a hyphen, so that no two parts of ` +
          'them get the same name; call one of them otherwise',
      ),
  );
}

// A flag of the command line that would do nothing.
function otherStageProblems(context: Context, files: Context, name: string, stages: readonly string[]): string[] {
  return Object.keys(context)
    .map((key) => [key, ...prefixAndRest(key)] as const)
    .filter(([, stage, key]) => stage !== undefined && stage !== name && stages.includes(stage) && keysOfStages.includes(key))
    .filter(([key]) => !isDeepStrictEqual(context[key], files[key]))
    .map(
      ([key, stage, rest]) =>
        `${key}: got ${show(context[key])} on the command line, expected flags of stage ${name} only; ` +
        `for that stage say -c stage=${stage}, else name ${stageKeyName(name, rest)}`,
    );
}
