import { longestNamespaceName, serviceNameType } from './service-values';
import type { AppSettings } from './settings';
import { show } from './value-type';

type NameSettings = { readonly [K in 'stage' | 'appName' | 'namespaceName']?: AppSettings[K] | undefined };

// Two stages may be in one account, and in one VPC: from these two names all others are made.
const appNameOf = (stage: string, appName: string) => `${appName}-${stage}`;
const namespaceNameOf = (stage: string, namespaceName: string) => `${stage}.${namespaceName}`;

/** The names of which all physical names are made, with that of the stage in them; without a stage, as they are. */
export function withStageNames<T extends Pick<AppSettings, 'stage' | 'appName' | 'namespaceName'>>(app: T): T {
  const { stage, appName, namespaceName } = app;
  return stage === undefined
    ? app
    : { ...app, appName: appNameOf(stage, appName), namespaceName: namespaceNameOf(stage, namespaceName) };
}

/** What is wrong with names that are right each for itself: together with the name of the stage they may be too long. */
export function stageNameProblems({ stage, appName, namespaceName }: NameSettings): readonly string[] {
  const problem = (key: 'appName' | 'namespaceName', name: string, full: string, expected: string) =>
    `stage, ${key}: got ${show(stage)} and ${show(name)}, expected ${show(full)} to be ${expected}; shorten one of them`;
  const problems: string[] = [];
  if (stage !== undefined && appName !== undefined) {
    const full = appNameOf(stage, appName);
    if (serviceNameType.parse(full) === undefined) {
      problems.push(problem('appName', appName, full, serviceNameType.expected));
    }
  }
  if (stage !== undefined && namespaceName !== undefined) {
    const full = namespaceNameOf(stage, namespaceName);
    if (full.length > longestNamespaceName) {
      problems.push(problem('namespaceName', namespaceName, full, `${longestNamespaceName} characters or fewer`));
    }
  }
  return problems;
}
