import { guardOf } from '../../../lib/operate/template/guarded-state';
import { planeNames } from '../../../lib/release/plane-limits';
import { unsafeChanges } from '../../../lib/release/transition';
import { templateOf } from '../step-templates';

const half = { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } };

it.each(planeNames)('what the guard compares stands in a template of %s', (plane) => {
  const guard = guardOf(templateOf(plane, half));
  expect(guard?.state).toMatchObject({ wayIn: { plane }, slots: { blue: { weight: 1, label: 'blue' }, green: { weight: 1 } } });
  expect(guard?.settingNames.image).toBe('{slot}Image');
});

it('what only a deploy knows is compared as it is written', () => {
  const guardWith = (image: unknown, environment: readonly unknown[]) => {
    const State = { shape: 1, routeWaits: true, wayIn: { plane: 'lattice' }, slots: { blue: { weight: 1, image, environment } } };
    return guardOf({ Resources: { Guard: { Type: 'Custom::ReleaseGuard', Properties: { State } } } });
  };
  const joined = (text: string) => [{ 'Fn::Join': ['', ['HOST=', { Ref: text }]] }, 'LEVEL=info'];
  const before = guardWith({ Ref: 'Image' }, joined('Host'));
  const after = guardWith({ Ref: 'Other' }, joined('Database'));
  if (!before || !after) {
    throw new Error('expected a guard');
  }
  expect(unsafeChanges(before.state, before.state)).toEqual([]);
  expect(unsafeChanges(before.state, after.state).map(({ setting, got }) => [setting, got])).toEqual([
    ['image', '{"Ref":"Other"}'],
    ['environment.HOST', '{"Ref":"Database"}'],
  ]);
});

it('a template may have no guard', () => {
  expect(guardOf({ Resources: {} })).toBeUndefined();
});
