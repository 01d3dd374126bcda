import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { appKeys, type Key, keyNames } from '../../lib/settings/keys';
import { readSettings } from '../../lib/settings/read-settings';
import { type Context, ofItsStage } from '../fresh-context';
import { pathedTemplateOf } from '../run/templates';
import { base, company, keyOfApp, keys, otherValue, otherValues, perSlot, said, same } from './other-values';

// A stack that cannot be deleted has the same template: there is nothing else to protect.
const besideTheTemplate: Readonly<Record<string, readonly PlaneName[]>> = { protect: ['lattice'] };

/** What is wrong with the way of a key into the template of a plane. */
function wiringProblems(name: string, key: Key<unknown>, plane: PlaneName): string[] {
  const value = otherValue(name, key, plane);
  if (value === undefined) {
    return [`${name}: the example is the default on ${plane}; add another value to this test`];
  }
  const without = { ...base, trafficPlane: plane, ...company[keyOfApp(name)], [name]: undefined };
  const given = ofItsStage({ ...without, ...said(name, value) });
  const changes = !same(templateOf(without), templateOf(given)) || besideTheTemplate[name]?.includes(plane);
  if (key.planes === undefined || key.planes.includes(plane)) {
    return changes ? [] : [`${name}: ${value} changes nothing on ${plane}`];
  }
  return [
    ...(changes ? [`${name}: ${value} changes the template on ${plane}, which it is not for`] : []),
    ...(readSettings(given).notices.some((notice) => notice.startsWith(`${name}: got `) && notice.includes(`ignored on ${plane}`))
      ? []
      : [`${name}: no notice that ${plane} ignores it`]),
  ];
}

interface Template {
  readonly Resources: Readonly<Record<string, object>>;
}

const templateOf = (context: Context) => pathedTemplateOf(context) as Template;

test('every key is looked at', () => {
  expect(keys.map(([name]) => name)).toEqual(keyNames);
});

describe.each(planeNames)('on %s, the template knows', (plane) => {
  test.each(keys.filter(([name]) => name !== 'trafficPlane').map(([name, key]) => ({ name, key })))('$name', ({ name, key }) => {
    expect(wiringProblems(name, key, plane)).toEqual([]);
  });
});

/** The resources that are not the same, without the hash of their ids. What they wait for makes no other resource. */
function changedResources({ Resources: one }: Template, { Resources: other }: Template): string[] {
  return Object.keys({ ...one, ...other })
    .filter((id) => !same({ ...one[id], DependsOn: undefined }, { ...other[id], DependsOn: undefined }))
    .map((id) => id.replace(/[0-9A-F]{8}$/, ''));
}

// What the role by which ECS starts the tasks of all slots is granted, for all of them at once.
const granted = ['logGroupName', 'appSecrets'];

describe.each(planeNames)('on %s, one slot alone is changed by', (plane) => {
  const used = perSlot.filter(({ key }) => (appKeys[key] as Key<unknown>).planes?.includes(plane) ?? true);

  test.each(used)('$name', ({ name, slot, key }) => {
    const without = { ...base, trafficPlane: plane, ...company[key], [name]: undefined };
    const value = otherValue(name, appKeys[key] as Key<unknown>, plane);
    const changed = changedResources(templateOf(without), templateOf({ ...without, ...said(name, value) }));
    const prefix = `App${slot.charAt(0).toUpperCase()}${slot.slice(1)}`;
    const shared = changed.filter((id) => !id.startsWith(prefix) && id !== 'AppGuard');
    expect(changed.filter((id) => id.startsWith(prefix))).not.toEqual([]);
    // What lets requests in is for the ports of both slots, whichever are there; the port of the other slot stays open.
    const known: readonly [boolean, RegExp][] = [
      [key === 'appPort', /^(App|Alb)SecurityGroup/],
      [granted.includes(key), /^AppExecutionRoleDefaultPolicy$/],
    ];
    expect(shared.filter((id) => !known.some(([here, pattern]) => here && pattern.test(id)))).toEqual([]);
  });
});

test('trafficPlane changes the template', () => {
  expect(new Set(planeNames.map((trafficPlane) => JSON.stringify(templateOf({ ...base, trafficPlane })))).size).toBe(
    planeNames.length,
  );
});

test('no other value stands here without need', () => {
  const needed = keys.filter(([, key]) =>
    planeNames.some((plane) => same(key.type(plane).parse(key.example), key.default(plane))),
  );
  expect(Object.keys(otherValues).filter((name) => !needed.some(([key]) => key === name))).toEqual([]);
});

describe('this test finds', () => {
  const plane = 'app-mesh';

  test('a key that nobody reads', () => {
    const [table, names] = [appKeys as Record<string, Key<unknown>>, keyNames as string[]];
    const planted = { ...appKeys.desiredCount, help: 'is read by nobody' };
    table.planted = planted;
    names.push('planted');
    try {
      expect(wiringProblems('planted', planted, plane)).toEqual(['planted: 2 changes nothing on app-mesh']);
    } finally {
      delete table.planted;
      names.pop();
    }
  });

  test('a key that works on a plane which it is not for', () => {
    expect(wiringProblems('desiredCount', { ...appKeys.desiredCount, planes: ['lattice'] }, plane)).toEqual([
      'desiredCount: 2 changes the template on app-mesh, which it is not for',
      'desiredCount: no notice that app-mesh ignores it',
    ]);
  });

  test('a key without another value', () => {
    expect(wiringProblems('desiredCount', { ...appKeys.desiredCount, example: '1' }, plane)).toEqual([
      'desiredCount: the example is the default on app-mesh; add another value to this test',
    ]);
  });
});
