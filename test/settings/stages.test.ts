import { ContextProvider } from 'aws-cdk-lib/cloud-assembly-schema';
import * as fc from 'fast-check';
import { appKeys, keyNames, stateKeyNames } from '../../lib/settings/keys';
import { readSettings } from '../../lib/settings/read-settings';
import { SettingsError } from '../../lib/settings/settings-error';
import { keysOfStages, stageKeyName, stageNameType } from '../../lib/settings/stages';
import { type Context, freshContext, withPrefix } from '../fresh-context';
import { anyFlags, anySettings } from '../stack/any-flags';
import { problemsOf, state } from './context';

const { blueActive, blueWeight, greenActive, greenWeight, ...shared } = freshContext;

/** What the files of two stages hold. */
const files: Context = {
  ...shared,
  ...withPrefix('dev', { blueActive: true, blueWeight: 1, greenActive: true, greenWeight: 3 }),
  ...withPrefix('prod', { ...state, desiredCount: 4 }),
};

const balanced: Context = { ...files, trafficPlane: 'load-balancer' };
const [vpcId, hostedZone, listenerArn] = (['vpcId', 'hostedZone', 'listenerArn'] as const).map((key) => appKeys[key].example);

const read = (flags: Context, held: Context = files) => readSettings({ ...held, ...flags }, { files: held });
const problems = (flags: Context, held: Context = files) => problemsOf({ ...held, ...flags }, { files: held });

describe('of two stages in the same files', () => {
  test('each has its own state, its own settings, and those of all', () => {
    const [dev, prod] = [read({ stage: 'dev' }), read({ stage: 'prod' })];
    expect(dev).toMatchObject({ stage: 'dev', desiredCount: 1, appPort: 8080, slots: { green: { active: true, weight: 3 } } });
    expect(prod).toMatchObject({ stage: 'prod', desiredCount: 4, appPort: 8080, slots: { green: { active: false } } });
    expect(prod.notices).toEqual([]);
  });

  test('the name of the stage is in the names from which all others are made', () => {
    expect(read({ stage: 'prod' })).toMatchObject({ appName: 'sample-prod', namespaceName: 'prod.svc.local' });
    expect(read({ stage: 'prod', appName: 'shop', namespaceName: 'internal' })).toMatchObject({
      appName: 'shop-prod',
      namespaceName: 'prod.internal',
    });
  });

  test.each<[string, Context, Context]>([
    ['a flag of the command before the stage', { desiredCount: '2' }, { desiredCount: 2 }],
    ['a flag of the command that says as text what the files say for all stages', { desiredCount: '1' }, { desiredCount: 1 }],
    ['a flag of the command for the stage', { 'prod:desiredCount': '3' }, { desiredCount: 3 }],
    [
      'the flags of a step',
      { greenActive: 'true', greenWeight: '1' },
      { slots: { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } } },
    ],
    [
      'a version of a slot',
      { 'prod:greenTaskCpu': '256', 'prod:greenTaskMemory': '1024' },
      { slots: { green: { taskCpu: 256 } } },
    ],
  ])('counts %s', (_, flags, expected) => {
    expect(read({ stage: 'prod', ...flags })).toMatchObject(expected);
  });

  test('text that the files have for all stages counts after that of the stage, also where a command repeats it', () => {
    const held = { ...files, healthcheckPath: '/health', 'prod:healthcheckPath': '/ready' };
    expect(read({ stage: 'prod', healthcheckPath: '/health' }, held).healthcheckPath).toBe('/ready');
    expect(read({ stage: 'prod', 'prod:healthcheckPath': '/health' }, held).healthcheckPath).toBe('/health');
  });

  test('without the files every value of the stage counts first', () => {
    expect(readSettings({ ...files, stage: 'prod', desiredCount: '2' }).desiredCount).toBe(4);
  });

  test('the files may choose one of them', () => {
    const held = { ...files, stage: 'dev' };
    expect(read({}, held).stage).toBe('dev');
    expect(read({ stage: 'prod' }, held).stage).toBe('prod');
  });

  test('keys that an app reads itself may be those of a stage', () => {
    const context = { ...files, stage: 'prod', team: 'a', 'prod:team': 'b' };
    expect(problemsOf(context)).toEqual(['team', 'prod:team'].map((key) => `${key}: got an unknown key, ${expectedKeys}`));
    expect(problemsOf(context, { otherKeys: ['team'] })).toEqual([]);
  });
});

const expectedKeys = "expected one of the keys in docs/keys.md; give another tool's key a prefix, as in tool:key";
const begin = (stage: string) =>
  `with "${stage}:blueActive": true, "${stage}:blueWeight": 1, "${stage}:greenActive": false, "${stage}:greenWeight": 0 in it`;
const restore = 'restore it with git checkout -- cdk.context.json';
const stateless = (names: string, values: string, stage: string) =>
  `${names}: got ${values} for stage ${stage}, which has no state, expected its state in cdk.context.json; ${restore}, or begin a new stage ${begin(stage)}`;
const moved = (names: string, example: string) =>
  `${names}: got the state of no stage from the files, expected that of a stage; put the name of the stage in front of each, as in "${example}"`;

test.each<[string, Context, Context, string[]]>([
  ['no stage', {}, files, ['stage: got none, expected dev or prod, whose state the files have; for example -c stage=dev']],
  [
    'an unknown stage',
    { stage: 'prd' },
    files,
    [
      'stage: got "prd", expected dev or prod, whose state the files have; for example -c stage=prod; ' +
        `if its state was lost, ${restore}; a new stage begins ${begin('prd')}`,
    ],
  ],
  [
    'a name that no stage may have',
    { stage: 'Prod' },
    files,
    [
      'stage: got "Prod", expected 1 to 20 lower-case letters, digits and single hyphens, a letter first and no hyphen last, ' +
        'other than a key and what the CDK writes, such as aws; for example -c stage=dev',
    ],
  ],
  [
    'a name that no stage may have, where there is none',
    { stage: '' },
    freshContext,
    [`stage: got "", expected ${stageNameType.expected}; for example -c stage=prod`],
  ],
  [
    'a stage where the files have none',
    { stage: 'prod' },
    shared,
    [
      'prod:blueActive, prod:blueWeight, prod:greenActive, prod:greenWeight: got none of them, expected the state of the slots, ' +
        `which must not be guessed; ${restore}, or begin a new stage ${begin('prod')}`,
    ],
  ],
  [
    'a stage where the files have the state of no stage',
    { stage: 'prod' },
    freshContext,
    [
      'prod:blueActive, prod:blueWeight, prod:greenActive, prod:greenWeight: got none of them, expected the state of the slots, ' +
        `which must not be guessed; ${restore}, or begin a new stage ${begin('prod')}`,
      moved('blueActive, blueWeight, greenActive, greenWeight', 'prod:blueActive'),
    ],
  ],
  [
    'state of no stage beside that of stages',
    { stage: 'prod' },
    { ...files, greenWeight: 1 },
    [moved('greenWeight', 'prod:greenWeight')],
  ],
  [
    'state of no stage beside that of stages, where none is chosen',
    {},
    { ...files, ...state },
    [
      'stage: got none, expected dev or prod, whose state the files have; for example -c stage=dev',
      moved('blueActive, blueWeight, greenActive, greenWeight', 'dev:blueActive'),
    ],
  ],
  [
    'two stages whose parts could have one name',
    { stage: 'prod' },
    { ...files, 'prod-eu:blueActive': true },
    [
      'stage: got the stages prod and prod-eu, expected none that begins with another and a hyphen, so that no two parts of them get ' +
        'the same name; call one of them otherwise',
    ],
  ],
  [
    'a flag for another stage on the command line',
    { stage: 'prod', 'dev:greenWeight': '1' },
    files,
    [
      'dev:greenWeight: got "1" on the command line, expected flags of stage prod only; for that stage say -c stage=dev, else name ' +
        'prod:greenWeight',
    ],
  ],
  [
    'a misspelt key of a stage, also of another one',
    { stage: 'prod' },
    { ...files, 'prod:desiredCuont': 2, 'dev:APPPORT': 1, 'prod:colour': 'red' },
    [
      'prod:desiredCuont: got an unknown key, did you mean prod:desiredCount?',
      'dev:APPPORT: got an unknown key, did you mean dev:appPort?',
      `prod:colour: got an unknown key, ${expectedKeys}`,
    ],
  ],
  [
    'a misspelt stage of a key',
    { stage: 'prod' },
    { ...files, 'prdo:desiredCount': 2, 'Tool:appPort': 80, 'prdo:team': 1 },
    ['prdo:desiredCount: got a key of no stage, did you mean prod:desiredCount?'],
  ],
  [
    'keys of stages without state',
    { stage: 'prod' },
    { ...files, 'test:appPort': 80, 'db:protect': true, 'test:protect': true, 'test:team': 1 },
    [stateless('test:appPort, test:protect', 'values', 'test'), stateless('db:protect', 'a value', 'db')],
  ],
  [
    'a key of a stage where all state was lost',
    {},
    { ...shared, 'prod:desiredCount': 4 },
    [
      stateless('prod:desiredCount', 'a value', 'prod'),
      `blueActive, blueWeight, greenActive, greenWeight: got none of them, expected the state of the slots, which must not be guessed; ${restore}`,
    ],
  ],
  [
    'a key of a stage beside the state of none',
    {},
    { ...freshContext, 'prod:desiredCount': 4 },
    [stateless('prod:desiredCount', 'a value', 'prod')],
  ],
  [
    'a chosen stage whose state was lost, once',
    { stage: 'prod' },
    { ...shared, 'prod:desiredCount': 4 },
    [
      'prod:blueActive, prod:blueWeight, prod:greenActive, prod:greenWeight: got none of them, expected the state of the slots, ' +
        `which must not be guessed; ${restore}, or begin a new stage ${begin('prod')}`,
    ],
  ],
  [
    'what is one for all stages',
    { stage: 'prod' },
    { ...files, 'prod:appName': 'shop', 'dev:stage': 'x' },
    [
      'prod:appName: got a value for one stage, expected one for all of them; give it as appName',
      'dev:stage: got a value for one stage, expected one for all of them; give it as stage',
    ],
  ],
  [
    'names that are too long together',
    { stage: 'prod', appName: 'a'.repeat(36), namespaceName: `${'b'.repeat(60)}.`.repeat(3) + 'c'.repeat(13) },
    files,
    [
      `stage, appName: got "prod" and "${'a'.repeat(36)}", expected "${'a'.repeat(36)}-prod" to be 1 to 40 lower-case letters, digits ` +
        'and single hyphens, a letter first and no hyphen last; shorten one of them',
      expect.stringMatching(
        /^stage, namespaceName: got "prod" and "b.+…, expected "prod\.b.+… to be 200 characters or fewer; shorten/,
      ),
    ],
  ],
  [
    'a value of the stage, a flag of the command and a value for all, each by its own name',
    { stage: 'prod', appPort: '0' },
    { ...files, 'prod:desiredCount': 'x', healthcheckPath: 'ready' },
    [
      'appPort: got "0", expected a whole number from 1 to 65535; for example -c appPort=8080',
      expect.stringMatching(/^healthcheckPath: got "ready", .*-c healthcheckPath=/),
      'prod:desiredCount: got "x", expected a whole number from 1 to 5000; for example -c prod:desiredCount=2',
    ],
  ],
  [
    'a problem of the stage beside one of its keys',
    { stage: 'prod', 'prod:blueWeight': '0' },
    { ...files, 'prod:alarmz': true },
    [
      'prod:alarmz: got an unknown key, did you mean prod:alarms?',
      'prod:blueWeight: got 0, expected active slots with a sum of weights of at least 1; for example -c prod:blueWeight=1',
    ],
  ],
  [
    'a way into containers that cannot be written to, by the keys of the stage',
    { stage: 'prod' },
    { ...files, 'prod:appReadonlyRootFilesystem': true, 'prod:exec': true },
    [
      'prod:appReadonlyRootFilesystem, prod:exec: got true and true, expected one of them at most, since ECS Exec writes to the root ' +
        'file system; for example -c prod:exec=false',
    ],
  ],
  [
    'a plane of the stage, to be mended in the file',
    { stage: 'prod' },
    { ...files, 'prod:trafficPlane': 'istio' },
    [
      'prod:trafficPlane: got "istio", expected app-mesh, load-balancer or lattice; for example "prod:trafficPlane": "load-balancer" in cdk.json',
    ],
  ],
])('refuses %s', (_, flags, held, expected) => {
  expect(problems(flags, held)).toEqual(expected);
});

const domainName = 'shop.example.com';
const network = 'sn-0123456789abcdef0';
const inLattice = { ...files, trafficPlane: 'lattice' };
const sameRecord = (key: string) =>
  `${key}: got "shop.example.com", which stage dev has, too, expected another, since a hosted zone has one record of a name; for example "prod:domainName": "prod.shop.example.com" in cdk.json`;
const sameService =
  'domainName: got "shop.example.com", which stage dev has, too, expected another, since a service network has one service of a name; for example "prod:domainName": "prod.shop.example.com" in cdk.json';
const sameRequests = (example: string) =>
  `with the domainName and the pathPrefix that stage dev has, expected another domainName or pathPrefix, so that none takes the requests of the other; for example "prod:domainName": "${example}" in cdk.json`;

// Values are compared, wherever they stand.
test.each<[string, Context, readonly string[]]>([
  ['a name for all in the zone of all', { domainName, hostedZone }, [sameRecord('domainName')]],
  [
    'the same name for each in the zone of all',
    { 'dev:domainName': domainName, 'prod:domainName': domainName, hostedZone },
    [sameRecord('prod:domainName')],
  ],
  [
    'the same name, which one has from all',
    { domainName, 'prod:domainName': domainName, hostedZone },
    [sameRecord('prod:domainName')],
  ],
  ['the name of all, which the other overrides', { domainName, 'dev:domainName': 'dev.example.com', hostedZone }, []],
  ['a name of its own in the zone of all', { domainName, 'prod:domainName': 'prod.example.com', hostedZone }, []],
  ['the name of all in a zone of its own', { domainName, hostedZone, 'prod:hostedZone': 'Z1' }, []],
  ['a name that only one has', { 'prod:domainName': domainName, hostedZone }, []],
  [
    'a name in a zone where the other is on a plane without names',
    { domainName, hostedZone, 'dev:trafficPlane': 'app-mesh' },
    [],
  ],
  ['a name in a zone where the plane of the other is wrong', { domainName, hostedZone, 'dev:trafficPlane': 'x' }, []],
  ['a name in a zone on two planes', { domainName, hostedZone, 'dev:trafficPlane': 'lattice' }, [sameRecord('domainName')]],
  ['a name and a path for all behind one listener', { listenerArn, domainName }, [sameRequests('prod.shop.example.com')]],
  ['a path for all behind one listener', { listenerArn, pathPrefix: '/shop' }, [sameRequests('prod.example.com')]],
  [
    'the same path for each behind one listener, but for a slash',
    { listenerArn, 'dev:pathPrefix': '/shop', 'prod:pathPrefix': '/shop/' },
    [sameRequests('prod.example.com')],
  ],
  ['a path of its own', { listenerArn, domainName, 'prod:pathPrefix': '/prod' }, []],
  ['a name of its own behind the listener of all', { listenerArn, pathPrefix: '/shop', 'prod:domainName': domainName }, []],
  ['the path of all, which the other overrides', { listenerArn, pathPrefix: '/shop', 'dev:pathPrefix': '/dev' }, []],
  ['a listener of its own', { 'prod:listenerArn': listenerArn, domainName }, []],
])('behind load balancers, %s', (_, held, expected) => {
  expect(problems({ stage: 'prod' }, { ...balanced, vpcId, certificateArn: appKeys.certificateArn.example, ...held })).toEqual(
    expected.map((problem) => (problem.startsWith('with ') ? expect.stringContaining(problem) : problem)),
  );
});

test.each<[string, Context, readonly string[]]>([
  ['a name for all in one service network', { domainName, serviceNetworkId: network }, [sameService]],
  [
    'a name for all in one service network, by its id and by its ARN',
    {
      domainName,
      serviceNetworkId: network,
      'dev:serviceNetworkId': `arn:aws:vpc-lattice:eu-central-1:123456789012:servicenetwork/${network}`,
    },
    [sameService],
  ],
  ['a name for all, each in a network of its own', { domainName }, []],
  ['no name in one service network', { serviceNetworkId: network }, []],
])('on lattice, %s', (_, held, expected) => {
  const context = { ...inLattice, certificateArn: held.domainName && appKeys.certificateArn.example, ...held };
  expect(problems({ stage: 'prod' }, context)).toEqual(expected);
});

test('one stage alone may have any name, and a flag of the command may give it another', () => {
  const held = { ...balanced, domainName, hostedZone };
  const alone = Object.fromEntries(Object.entries(held).filter(([key]) => !key.startsWith('dev:')));
  expect(problems({ stage: 'prod' }, alone)).toEqual([]);
  expect(problems({ stage: 'prod', domainName: 'other.example.com' }, held)).toEqual([]);
});

test.each([
  ['lattice', { vpcId, listenerArn, pathPrefix: '/shop' }],
  ['app-mesh', { vpcId, listenerArn, domainName, hostedZone }],
  [undefined, { vpcId, listenerArn, domainName, hostedZone }],
])('what %s has no use for may be the same', (trafficPlane, held) => {
  expect(problems({ stage: 'prod' }, { ...defined({ ...files, trafficPlane }), ...held })).toEqual([]);
});

test.each<[string, Context, string[]]>([
  [
    'state that the stage lacks',
    { 'prod:greenWeight': undefined },
    ['prod:greenWeight: not set, so the default holds; keep all four flags in cdk.context.json'],
  ],
  [
    'a weight of the stage, off by a flag of the command',
    { 'prod:greenWeight': 5, greenActive: 'false' },
    ['prod:greenWeight: got 5, ignored while greenActive is false; set it to 0 so that the slot starts without traffic'],
  ],
  [
    'keys that are words',
    { 'prod:alarms': false, alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms' },
    ['alarmTopicArn: got "arn:aws:sns:eu-central-1:123456789012:alarms", ignored with prod:alarms=false'],
  ],
  [
    'the namespace of another plane',
    { 'prod:trafficPlane': 'lattice', 'prod:namespaceName': 'shop.local' },
    ['prod:namespaceName: got "shop.local", ignored on lattice; it is for app-mesh'],
  ],
])('notices %s', (_, flags, notices) => {
  expect(read({ stage: 'prod', ...flags }).notices).toEqual(notices);
});

test.each([
  ['in capitals', 'Prod'],
  ['of a key', 'guard'],
  ['of the CDK', 'aws'],
])('a name %s is none of a stage', (_, name) => {
  expect(problemsOf({ ...state, [`${name}:blueActive`]: true })).toEqual([
    `"${name}:blueActive": got "${name}" as the name of a stage, expected ${stageNameType.expected}`,
  ]);
});

test('no stage is called like a look-up of the CDK, whose results would be taken for its keys', () => {
  const providers = Object.values(ContextProvider);
  expect(providers.length).toBeGreaterThan(5);
  expect(providers.filter((provider) => stageNameType.parse(provider) !== undefined)).toEqual([]);
});

test('every key but the stage and the name of the app can be that of a stage', () => {
  expect(keyNames.filter((key) => !keysOfStages.includes(key))).toEqual(['stage', 'appName']);
});

/** The settings, or what is wrong. */
function outcomeOf(context: Context, held = context): unknown {
  try {
    return readSettings(context, { files: held });
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems;
    }
    throw error;
  }
}

// These are one stage's.
const ofOneStage = [...stateKeyNames, 'domainName', 'hostedZone', 'listenerArn', 'certificateArn'];
// These must not be the same in two.
const unlike = ['domainName', 'listenerArn'];

const without = (names: readonly string[], context: Context): Context =>
  Object.fromEntries(Object.entries(context).filter(([key]) => !names.includes(key)));
const defined = (context: Context) => Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
const withoutName = ({ appName: _, ...context }: Context): Context => defined(context);

test('whatever two stages say, what is read for one is what it says, and nothing of the other', () => {
  fc.assert(
    fc.property(anyFlags, anyFlags, anySettings, (one, other, all) => {
      const settingsOfAll = without(ofOneStage, defined(all));
      const own = withPrefix('prod', withoutName(one));
      const alone = { ...settingsOfAll, ...own };
      const together = { ...alone, ...withPrefix('dev', without(unlike, withoutName(other))), stage: 'prod' };
      const found = outcomeOf(together);
      expect(found).toEqual(outcomeOf({ ...alone, stage: 'prod' }));

      // Without a stage, the same values come to the same settings, or to the same problems by other names.
      const plain = outcomeOf({ ...settingsOfAll, ...withoutName(one) });
      if (Array.isArray(found)) {
        const withoutStage = found.map((problem) => problem.replaceAll('prod:', ''));
        expect(withoutStage).toEqual(plain);
      } else {
        const { stage, stagedKeys, notices, appName, namespaceName, ...settings } = found as ReturnType<typeof readSettings>;
        expect(plain).toMatchObject(settings);
        expect([appName, namespaceName]).toEqual([`${(plain as any).appName}-prod`, `prod.${(plain as any).namespaceName}`]);
        expect(notices.map((notice) => notice.replaceAll('prod:', ''))).toEqual((plain as any).notices);
      }
    }),
    { numRuns: 300 },
  );
});

test('what a message names after a value of the stage is a key with the stage in front, and nothing else is', () => {
  fc.assert(
    fc.property(anyFlags, (flags) => {
      const own = withoutName(flags);
      const context = { ...withPrefix('prod', own), stage: 'prod' };
      const found = outcomeOf(context);
      for (const message of Array.isArray(found) ? found : (found as ReturnType<typeof readSettings>).notices) {
        const [names = ''] = `${message}`.split(': got');
        for (const name of names.split(', ')) {
          const key = name.replace('prod:', '');
          expect(name).toBe(Object.hasOwn(own, key) || stateKeyNames.includes(key) ? stageKeyName('prod', key) : key);
        }
        expect(message).not.toContain('prod:prod:');
      }
    }),
    { numRuns: 300 },
  );
});

test('without keys of a stage, the files change nothing', () => {
  fc.assert(
    fc.property(anyFlags, anyFlags, (flags, held) => {
      expect(outcomeOf({ ...freshContext, ...flags }, held)).toEqual(outcomeOf({ ...freshContext, ...flags }));
    }),
    { numRuns: 100 },
  );
});
