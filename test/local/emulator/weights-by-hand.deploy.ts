import { DetectStackResourceDriftCommand } from '@aws-sdk/client-cloudformation';
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { UpdateRuleCommand, VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import type { AwsClients } from '../../../lib/operate/aws-clients';
import { awsClients } from '../../../lib/operate/aws-clients';
import { appMeshReading } from '../../../lib/operate/live/app-mesh-reading';
import { idsIn } from '../../../lib/operate/live/ids-in';
import { latticeReading } from '../../../lib/operate/live/lattice-reading';
import { loadBalancerReading } from '../../../lib/operate/live/load-balancer-reading';
import type { PlaneReading } from '../../../lib/operate/live/plane-reading';
import type { PlaneName } from '../../../lib/release/plane-limits';
import { changeWeights } from '../../deploy/weights-by-hand';
import { ChangeSet } from './change-set';
import { followedEmulator } from './followed-emulator';
import { appMesh, lattice, loadBalancer } from './followed-resources';
import type { Resources } from './stacks';
import { topics } from './watched-stack';

interface Case {
  readonly plane: PlaneName;
  readonly resources: (weight: number) => Resources;
  readonly route: string;

  /** The property in which the weights stand. */
  readonly field: string;
  readonly reading: PlaneReading;

  /** A weight that the plane does not take, and what it says. */
  readonly tooMuch: number;
  readonly refusal: string;
}

const cases: readonly Case[] = [
  {
    plane: 'load-balancer',
    resources: loadBalancer,
    route: 'Rule',
    field: 'Actions',
    reading: loadBalancerReading,
    tooMuch: 1000,
    refusal: 'ValidationError',
  },
  {
    plane: 'lattice',
    resources: lattice,
    route: 'Rule',
    field: 'Action',
    reading: latticeReading,
    tooMuch: 1000,
    refusal: 'ValidationException',
  },
  {
    plane: 'app-mesh',
    resources: appMesh,
    route: 'Route',
    field: 'Spec',
    reading: appMeshReading,
    tooMuch: 101,
    refusal: 'BadRequestException',
  },
];

/** Of a change set that changes nothing. */
const nothing = {
  status: "FAILED: The submitted information didn't contain changes. Submit different information to create a change set.",
  drift: undefined,
  changes: [],
};

describe.each(cases)(
  'weights that are changed with the API of $plane',
  ({ plane, resources, route, field, reading, tooMuch, refusal }) => {
    const on = followedEmulator();

    const idOf = (logicalId: string) => on.follower.lastOf(logicalId)?.physicalId as string;
    const weights = async () =>
      (await reading.weights(awsClients(on.emulator.environment) as AwsClients, idOf(route))).map(({ weight }) => weight);
    const change = (blue: number, green: number) =>
      changeWeights[plane](on.emulator.client, idOf(route), { [idOf('Blue')]: blue, [idOf('Green')]: green });

    test('are in force, stand in the API, and give way to those of the next deploy', async () => {
      await on.stacks.create('stack', resources(25));
      expect(await weights()).toEqual([75, 25]);
      await change(0, 7);
      expect(await weights()).toEqual([0, 7]);
      expect(on.follower.told.at(-1)).toBe(`update ${route}`);
      expect(on.follower.lastOf(route)).toMatchObject({ stack: 'stack', logicalId: route, physicalId: idOf(route) });
      expect(JSON.stringify(on.follower.kept[route]?.[field]).match(/"Weight":\d+/g)).toEqual(['"Weight":0', '"Weight":7']);
      expect((await on.emulator.events()).filter(({ verb }) => verb === 'update')).toEqual([]);

      expect(await on.stacks.update('stack', resources(40))).toMatchObject({ status: 'UPDATE_COMPLETE' });
      expect(await weights()).toEqual([60, 40]);
    });

    test('stay as they were when the plane refuses them, or nobody can follow', async () => {
      await on.stacks.create('stack', resources(25));
      await expect(change(1, tooMuch)).rejects.toMatchObject({ name: refusal, message: expect.stringContaining(`${tooMuch}`) });
      on.follower.answer = () => ({ problem: 'no Envoy is there' });
      await expect(change(1, 1)).rejects.toThrow('no Envoy is there');
      expect(await weights()).toEqual([75, 25]);
    });

    test('give way to a change set that reverts drift, though the template is the same', async () => {
      await on.stacks.create('stack', resources(25));
      await change(0, 7);
      expect(await new ChangeSet(on.emulator, 'stack').create(resources(25))).toEqual(nothing);

      const changeSet = new ChangeSet(on.emulator, 'stack', 'REVERT_DRIFT');
      expect(await changeSet.create(resources(25))).toEqual({
        status: 'CREATE_COMPLETE',
        drift: 'DRIFTED',
        changes: [`Modify ${route}: MODIFIED`],
      });
      const told = on.follower.told.length;
      expect(await changeSet.execute()).toEqual({
        status: 'UPDATE_COMPLETE',
        events: [`${route} UPDATE_IN_PROGRESS`, `${route} UPDATE_COMPLETE`],
      });
      expect(await weights()).toEqual([75, 25]);
      expect(on.follower.told.slice(told)).toEqual([`update ${route}`]);
      expect((await on.emulator.events()).flatMap(({ verb, logicalId }) => (verb === 'update' ? [logicalId] : []))).toEqual([
        route,
      ]);
      expect(await new ChangeSet(on.emulator, 'stack', 'REVERT_DRIFT').create(resources(25))).toEqual({
        ...nothing,
        drift: 'IN_SYNC',
      });
    });

    test('are no drift when they are those of the template, and are found when they are not', async () => {
      const found = async () => {
        const detect = new DetectStackResourceDriftCommand({ StackName: 'stack', LogicalResourceId: route });
        return (await on.stacks.client.send(detect)).StackResourceDrift?.StackResourceDriftStatus;
      };
      await on.stacks.create('stack', resources(25));
      await change(75, 25);
      expect(await found()).toBe('IN_SYNC');
      await change(25, 75);
      expect(await found()).toBe('MODIFIED');
    });

    test('are in force again when the update that reverts them fails, and drift as before', async () => {
      await on.stacks.create('stack', resources(25));
      await change(0, 7);
      await on.emulator.intervene({ effect: 'fail', type: 'AWS::SNS::Topic', verb: 'create' });
      const withMore = { ...resources(25), More: { Type: 'AWS::SNS::Topic', DependsOn: route } };
      const changeSet = new ChangeSet(on.emulator, 'stack', 'REVERT_DRIFT');
      expect((await changeSet.create(withMore)).changes).toEqual(['Add More', `Modify ${route}: MODIFIED`]);
      expect(await changeSet.execute()).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
      expect(on.follower.told.filter((told) => told === `update ${route}`)).toHaveLength(3);
      expect(await weights()).toEqual([0, 7]);

      await on.emulator.release();
      expect(await on.stacks.update('stack', withMore)).toMatchObject({
        status: 'UPDATE_COMPLETE',
      });
      expect(await weights()).toEqual([0, 7]);
      expect(await new ChangeSet(on.emulator, 'stack', 'REVERT_DRIFT').create(resources(25))).toMatchObject({ drift: 'DRIFTED' });
    });

    test('give way to a change set that reverts drift and changes them, too', async () => {
      await on.stacks.create('stack', resources(25));
      await change(0, 7);
      const changeSet = new ChangeSet(on.emulator, 'stack', 'REVERT_DRIFT');
      expect((await changeSet.create(resources(40))).changes).toEqual([`Modify ${route}: MODIFIED`]);
      expect(await changeSet.execute()).toMatchObject({ status: 'UPDATE_COMPLETE' });
      expect(await weights()).toEqual([60, 40]);
    });
  },
);

describe('a deployment mode', () => {
  const on = followedEmulator();

  test('that CloudFormation does not know is refused', async () => {
    await on.stacks.create('stack', topics('a'));
    await expect(new ChangeSet(on.emulator, 'stack', 'KEEP_DRIFT' as never).create(topics('a', 'b'))).rejects.toThrow(
      "Value 'KEEP_DRIFT' at 'deploymentMode' failed to satisfy constraint: Member must satisfy enum value set: [REVERT_DRIFT]",
    );
  });
});

describe('what else somebody changes with the API of a traffic plane', () => {
  const on = followedEmulator();

  const idOf = (logicalId: string) => on.follower.lastOf(logicalId)?.physicalId as string;

  test('is refused in words', async () => {
    await on.stacks.create('balancer', loadBalancer(25));
    await expect(
      new ElasticLoadBalancingV2Client(on.emulator.client).send(
        new ModifyRuleCommand({ RuleArn: idOf('Rule'), Conditions: [{ Field: 'path-pattern', Values: ['/other'] }] }),
      ),
    ).rejects.toThrow('got Conditions, expected Actions; change the rest through CloudFormation');
    await on.stacks.create('lattice', lattice(25));
    const route = idsIn(idOf('Rule'));
    await expect(
      new VPCLatticeClient(on.emulator.client).send(
        new UpdateRuleCommand({
          serviceIdentifier: route.get('service'),
          listenerIdentifier: route.get('listener'),
          ruleIdentifier: route.get('rule'),
          priority: 3,
        }),
      ),
    ).rejects.toThrow('got priority, expected action; change the rest through CloudFormation');
    expect(on.follower.told.filter((told) => told.startsWith('update'))).toEqual([]);
  });
});
