import type { DeployedState } from '../../release/deployed-state';

interface Guard {
  readonly Type?: string;
  readonly Properties?: { readonly State?: DeployedState };
}

/** The state that the release guard of a template has been handed, or what is wrong with the template, in words. */
export function guardedStateIn(template: string): DeployedState | string {
  let resources: Readonly<Record<string, Guard>>;
  try {
    resources = JSON.parse(template).Resources ?? {};
  } catch {
    return 'got a template that is not written in JSON, expected one of this app; look at its name';
  }
  const states = Object.values(resources)
    .filter(({ Type }) => Type === 'Custom::ReleaseGuard')
    .flatMap(({ Properties }) => Properties?.State ?? []);
  const [state] = states;
  if (state === undefined) {
    return 'got no release guard, expected one, since the state of a release is read from it; look at its name, or deploy it with guard=true';
  }
  if (states.length > 1) {
    const names = states.map(({ wayIn }) => `${wayIn.serviceName}`).join(', ');
    return `got ${states.length} blue/green services (${names}), expected one; release them with cdk deploy, or give each a stack of its own`;
  }
  const unknown = Object.entries(state.slots).filter(([, slot]) => !Number.isInteger(Number(slot?.weight)));
  return unknown.length === 0
    ? state
    : unknown
        .map(([name, slot]) => `weight of ${name}: got ${JSON.stringify(slot?.weight)}, expected a number in the template`)
        .join('; ');
}
