import { chosenStage } from '../settings/chosen-stage';
import { appKeys } from '../settings/keys';
import { SettingsError } from '../settings/settings-error';
import { withStageNames } from '../settings/stage-names';
import { stackNameOf } from '../stack/stack-name';
import type { AskedService } from './asked-service';
import { declaredContext } from './declared/read-declared';

/** What of a command line says which service is meant. */
export interface ServiceWords {
  /** The folder of the CDK app. */
  readonly folder: string;

  /** Context keys, as after `-c`. */
  readonly context: Readonly<Record<string, string>>;

  /** Name of the stack; `undefined`: the one that the files declare. */
  readonly stackName: string | undefined;

  /** Whether the command takes the name of the stack, for when the files cannot tell it. */
  readonly takesStackName: boolean;
}

/**
 * Finds out of which service a command speaks. Only what names it is read: whatever else is wrong in the files, a rollback goes on.
 *
 * @throws SettingsError when the files do not say it
 */
export function askService({ folder, context, stackName, takesStackName }: ServiceWords): AskedService {
  if (stackName !== undefined) {
    return { folder, context, stage: context.stage, stackName, isStackNamed: true };
  }
  try {
    return declaredService(folder, context);
  } catch (error) {
    if (!(error instanceof SettingsError) || !takesStackName) {
      throw error;
    }
    throw new SettingsError([
      ...error.problems,
      'to go on without the files, name the stack; for example --stack sample-blue-green',
    ]);
  }
}

function declaredService(folder: string, context: AskedService['context']): AskedService {
  const declared = declaredContext({ folder, context });
  const problems: string[] = [];
  const chosen = chosenStage(declared.context, declared.files, problems);
  if (chosen === undefined) {
    throw new SettingsError(problems);
  }
  const { appName = appKeys.appName.example } = chosen.context;
  const type = appKeys.appName.type(undefined);
  const name = type.parse(appName);
  if (name === undefined) {
    throw new SettingsError([`appName: got ${JSON.stringify(appName)}, expected ${type.expected}`]);
  }
  const named = withStageNames({ stage: chosen.name, appName: name, namespaceName: '' });
  return { folder, context, stage: chosen.name, stackName: stackNameOf(named) };
}
