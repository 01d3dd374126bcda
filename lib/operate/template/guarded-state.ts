import type { DeployedState, SettingValue } from '../../release/deployed-state';
import type { StackTemplate } from './stack-template';

/** What the release guard of a template compares. */
export interface GuardOfTemplate {
  readonly state: DeployedState;

  /** Names under which the user knows the settings. */
  readonly settingNames: Readonly<Record<string, string>>;
}

/** The release guard of a template; `undefined`: it has none. */
export function guardOf({ Resources: resources = {} }: StackTemplate): GuardOfTemplate | undefined {
  const guard = Object.values(resources).find(({ Type: type }) => type === 'Custom::ReleaseGuard');
  const { State: state, SettingNames: settingNames = {} } = guard?.Properties ?? {};
  if (state === undefined) {
    return undefined;
  }
  const { wayIn, slots, ...others } = state as DeployedState;
  return {
    settingNames: settingNames as Readonly<Record<string, string>>,
    state: {
      ...others,
      wayIn: known(wayIn) as DeployedState['wayIn'],
      slots: Object.fromEntries(
        Object.entries(slots).map(([slot, settings]) => [slot, settings && (known(settings) as DeployedState['slots'][string])]),
      ),
    },
  };
}

// What only a deploy knows is compared as it is written.
function known(settings: Readonly<Record<string, unknown>>): Record<string, SettingValue> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(inText) : typeof value === 'object' ? inText(value) : (value as SettingValue),
    ]),
  );
}

function inText(value: unknown): string {
  const join = (value as Readonly<Record<string, unknown>> | null)?.['Fn::Join'];
  const [separator, parts] = Array.isArray(join) ? (join as [unknown, unknown]) : [];
  if (typeof separator === 'string' && Array.isArray(parts)) {
    return parts.map(inText).join(separator);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
