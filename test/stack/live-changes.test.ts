import { withBlocks } from '../../bin/docs/blocks';
import { constructChanges, constructDeploy } from '../../bin/docs/changes/construct-deploys';
import type { Deploy } from '../../bin/docs/changes/deploy';
import { deployOf, type KeyChange, keyChanges } from '../../bin/docs/changes/key-deploys';
import { made } from '../../bin/docs/made';
import { pages } from '../../bin/docs/pages';
import { planeNames } from '../../lib/release/plane-limits';
import { keyNames } from '../../lib/settings/keys';

const changes = keyChanges();

// What cannot work on AWS even with a reason for the guard, and is refused without one: nothing moves a load balancer, and in a mesh
// the name of an ECS service is how its tasks are found.
const needsNewStack: Readonly<Record<string, RegExp>> = {
  vpcId: /a load balancer does not move to another VPC$/,
  '`capacityProviderStrategies` instead of none': /ServiceName .* is taken by the one that it replaces$/,
};

/** What must not happen: a deploy that AWS refuses, whatever the guard says, and one that turns callers away and is not refused. */
function problems(name: string, { refused, hazards }: Deploy): readonly string[] {
  const wayOut = refused.length > 0 ? needsNewStack[name] : undefined;
  return [...hazards.fails.filter((problem) => !wayOut?.test(problem)), ...(refused.length > 0 ? [] : hazards.cuts)];
}

function inWords({ from, to, idle }: KeyChange): string {
  return `${from} to ${to}${idle ? `, ${idle} without requests` : ''}`;
}

describe.each(planeNames)('on a live stack on %s, nothing fails and nobody is turned away by another', (plane) => {
  const own = changes.filter((change) => change.plane === plane);

  test.each([...new Set(own.map(({ name }) => name))])('%s', (name) => {
    const found = own
      .filter((change) => change.name === name)
      .flatMap((change) => {
        const result = deployOf(change);
        return result ? problems(name, result).map((problem) => `${inWords(change)}: ${problem}`) : [];
      });
    expect(found).toEqual([]);
  });

  test.each(constructChanges)('$what', (change) => {
    const found = [false, true].flatMap((back) => {
      const result = constructDeploy(change, plane, back);
      return result ? problems(change.what, result) : [];
    });
    expect(found).toEqual([]);
  });
});

test('the tables of docs/changes.md say what happens in each of these changes: run npm run docs', () => {
  const page = pages().find(({ path }) => path === 'docs/changes.md');
  expect(page?.text).toContain('<!-- key-changes -->');
  expect(withBlocks('docs/changes.md', page?.text ?? '', made)).toBe(page?.text);
});

test('every key is changed, there and back', () => {
  const changed = (from: KeyChange, to: KeyChange) => from.name === to.name && from.from === to.to && from.to === to.from;
  expect([...new Set(changes.map(({ name }) => name))].sort()).toEqual([...keyNames].sort());
  expect(changes.filter((change) => change.name !== 'trafficPlane' && !changes.some((back) => changed(change, back)))).toEqual(
    [],
  );
});

test.each(planeNames)('on %s, each key of a slot is also changed where the slot has no requests', (plane) => {
  const own = changes.filter((change) => change.plane === plane && /^(blue|green)(?!Weight)/.test(change.name));
  expect(own.filter(({ idle }) => idle !== undefined).length).toBe(own.length / 2);
});
