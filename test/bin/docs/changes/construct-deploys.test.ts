import { ApiInterface, type ApiItem } from '@microsoft/api-extractor-model';
import { publicApi } from '../../../../bin/docs/api/model';
import { constructChanges } from '../../../../bin/docs/changes/construct-deploys';
import { appKeys, slotKeys } from '../../../../lib/settings/keys';

// What is no property of a service on a live stack, by interface or by property.
const besides: Readonly<Record<string, string>> = {
  SlotProps: 'a slot is made by the service',
  SlotTaskProps: 'a slot is made by the service',
  ReleaseGuardProps: 'the guard is made by the service',
  AppMeshGatewayProps: 'the gateway is made by the plane',
  ReadSettingsOptions: 'of the flags',
  BlueGreenStackProps: 'of the flags',
  SidecarProps: 'said by the keys of the sidecars',
  SidecarOverride: 'said by the keys of the sidecars of a slot',
  'BlueGreenServiceProps.slots': 'property by property',
  'EmptySlotAlarmProps.slot': 'another slot is another alarm',
  'ErrorAlarmProps.slot': 'another slot is another alarm',
  'ServiceAlarmProps.service': 'another service is another alarm',
  'ReleaseDashboardProps.service': 'another service is another dashboard',
  'SlotDashboardProps.slot': 'another slot is another dashboard',
  'LoadBalancerPlaneProps.vpc': 'said by vpcId',
  'ListenerPlaneProps.protocol': 'said in the url, and nowhere else',
  'LatticePlaneProps.vpc': 'said by vpcId',
  'AppMeshGatewayOptions.internetFacing': 'said by ingress',
};

const keys = [...Object.values(appKeys), ...Object.values(slotKeys).map((keyOf) => keyOf('blue'))];
const changed = [...keys.flatMap(({ props = [] }) => props), ...constructChanges.flatMap(({ props }) => props)];

const declared = publicApi().items.filter(
  (item): item is ApiInterface => item instanceof ApiInterface && /(Props|Options|Override)$/.test(item.displayName),
);

/** The interface and those that extend it, by which a property of it is known too. */
function knownAs({ displayName }: ApiItem): readonly string[] {
  const heirs = declared.filter(({ extendsTypes }) => extendsTypes.some(({ excerpt }) => excerpt.text === displayName));
  return [displayName, ...heirs.map((heir) => heir.displayName)];
}

test('every property of the constructs has a key, or is changed by itself', () => {
  expect(declared.length).toBeGreaterThan(10);
  const properties = declared
    .filter(({ displayName }) => besides[displayName] === undefined)
    .flatMap((each) => each.members.map((member) => knownAs(each).map((name) => `${name}.${member.displayName}`)));
  const without = properties.filter((names) => !names.some((name) => changed.includes(name) || besides[name] !== undefined));
  expect(without.map(([name]) => name)).toEqual([]);
});

test('every property that is named is declared', () => {
  const names = declared.flatMap((each) =>
    each.members.flatMap((member) => knownAs(each).map((name) => `${name}.${member.displayName}`)),
  );
  const interfaces = declared.map(({ displayName }) => displayName);
  const named = [...constructChanges.flatMap(({ props }) => props), ...Object.keys(besides)];
  expect(named.filter((name) => !names.includes(name) && !interfaces.includes(name))).toEqual([]);
});
