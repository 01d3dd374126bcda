import type { ChildProcess } from 'node:child_process';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListServicesCommand, VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import type { Emulator } from '../../../lib/local/emulator/emulator';
import { followedEmulator } from './followed-emulator';
import { appMesh, lattice, loadBalancer, service } from './followed-resources';
import type { Resources } from './stacks';

/** Kills the process of an emulator. */
async function killed(emulator: Emulator): Promise<void> {
  const { server } = emulator as unknown as { server: ChildProcess };
  server.kill('SIGKILL');
  await emulator.ended;
}

describe('whoever follows the emulator', () => {
  const on = followedEmulator();

  /** Per plane: its resources at a weight, which of them changes with it, and all that are followed, each after what it refers to. */
  const planes: [string, (weight: number) => Resources, string, string[]][] = [
    ['load balancer', loadBalancer, 'Rule', ['Balancer', 'Listener', 'Blue', 'Green', 'Rule', 'Unused']],
    ['Lattice', lattice, 'Rule', ['LatticeService', 'Listener', 'Blue', 'Green', 'Rule', 'Unused']],
    ['App Mesh', appMesh, 'Route', ['Mesh', 'Blue', 'Gateway', 'Green', 'Router', 'Route', 'MeshService', 'GatewayRoute']],
  ];

  test.each(planes)('%s: is told of each resource when it is made, changed and deleted', async (_, resources, route, ids) => {
    const { status, refs } = await on.stacks.create('stack', resources(0));
    expect(status).toBe('CREATE_COMPLETE');
    expect(on.follower.told).toEqual(ids.map((id) => `create ${id}`));
    for (const { resource } of on.follower.changes) {
      expect(resource).toMatchObject({ stack: 'stack', type: resources(0)[resource.logicalId]?.Type });
      expect(resource.physicalId).toBe(refs[resource.logicalId]);
      expect(JSON.stringify(resource.properties)).not.toMatch(/"Ref"|"Fn::/);
    }

    expect((await on.stacks.update('stack', resources(10))).status).toBe('UPDATE_COMPLETE');
    expect(on.follower.told.slice(ids.length)).toEqual([`update ${route}`]);
    expect(on.follower.changes.at(-1)?.resource.physicalId).toBe(refs[route]);
    expect(JSON.stringify(on.follower.lastOf(route)?.properties)).toMatch(/"Weight":90.*"Weight":10/);

    expect((await on.stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    expect(on.follower.told.slice(ids.length + 1).sort()).toEqual(ids.map((id) => `delete ${id}`).sort());
    expect(on.follower.kept).toEqual({});
  });

  test('is told the names that were made up, by which resources of a mesh find each other', async () => {
    await on.stacks.create('stack', appMesh(0));
    const propertiesOf = (id: string) => on.follower.lastOf(id)?.properties;
    expect(propertiesOf('Mesh')).toEqual(expect.objectContaining({ MeshName: 'stack-Mesh' }));
    expect(propertiesOf('Blue')).toMatchObject({ MeshName: 'stack-Mesh', VirtualNodeName: 'stack-Blue' });
    expect(propertiesOf('Gateway')).toMatchObject({ VirtualGatewayName: 'stack-Gateway' });
    expect(propertiesOf('GatewayRoute')).toMatchObject({
      VirtualGatewayName: 'stack-Gateway',
      GatewayRouteName: 'stack-GatewayRoute',
    });
    expect(propertiesOf('Route')).toMatchObject({ VirtualRouterName: 'stack-Router', RouteName: 'stack-Route' });
  });

  test('is told of a replacement first, and then of the end of what it replaces', async () => {
    await on.stacks.create('stack', service());
    const told = on.follower.changes.length;
    const old = on.follower.lastOf('Task')?.physicalId;
    expect((await on.stacks.update('stack', service({}, { Image: 'app:2' }))).status).toBe('UPDATE_COMPLETE');
    expect(on.follower.told.slice(told)).toEqual(['create Task', 'update Service', 'delete Task']);
    expect(on.follower.changes.at(-1)?.resource.physicalId).toBe(old);
    expect(on.follower.kept).toMatchObject({ Task: { ContainerDefinitions: [{ Image: 'app:2' }, {}] } });
  });

  const failing: [string, (weight: number) => Resources, string][] = [
    ['load balancer', loadBalancer, 'Balancer'],
    ['target group', loadBalancer, 'Green'],
    ['rule', loadBalancer, 'Rule'],
    ['Lattice service', lattice, 'LatticeService'],
    ['Lattice rule', lattice, 'Rule'],
    ['route', appMesh, 'Route'],
    ['task definition', () => service(), 'Task'],
    ['service', () => service(), 'Service'],
  ];

  test.each(failing)(
    '%s: a creation that it cannot follow fails with its words, and nothing is left',
    async (_, resources, id) => {
      on.follower.answer = ({ resource }) => (resource.logicalId === id ? { problem: 'no free port' } : undefined);
      const { status, failures } = await on.stacks.create('stack', resources(0));
      expect({ status, failures }).toEqual({
        status: 'ROLLBACK_COMPLETE',
        failures: { [id]: expect.stringContaining('no free port') },
      });
      expect(on.follower.told.filter((told) => told.endsWith(` ${id}`))).toEqual([`create ${id}`]);
      expect(on.follower.kept).toEqual({});
      expect(await on.emulator.resources()).toEqual([]);
      const events = await on.emulator.events();
      expect(events.find(({ logicalId }) => logicalId === id)?.problem).toContain('no free port');

      on.follower.answer = () => undefined;
      await on.stacks.delete('stack');
      expect((await on.stacks.create('stack', resources(0))).status).toBe('CREATE_COMPLETE');
    },
  );

  test.each(planes)('%s: a change that it cannot follow fails, and is set back', async (_, resources, route) => {
    await on.stacks.create('stack', resources(0));
    on.follower.answer = ({ resource }) => {
      if (/"Weight":10\b/.test(JSON.stringify(resource.properties))) {
        throw new Error('no such route');
      }
      return {};
    };
    const { status, failures } = await on.stacks.update('stack', resources(10));
    expect({ status, failures }).toEqual({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: { [route]: expect.stringContaining('no such route') },
    });
    await on.follower.hasBeenTold(`update ${route}`, 2);
    expect(JSON.stringify(on.follower.kept[route])).toMatch(/"Weight":100.*"Weight":0/);

    on.follower.answer = () => undefined;
    expect((await on.stacks.update('stack', resources(20))).status).toBe('UPDATE_COMPLETE');
    expect(JSON.stringify(on.follower.kept[route])).toMatch(/"Weight":80.*"Weight":20/);
  });

  test.each<[string, () => Resources, string]>([
    ['rule', () => loadBalancer(0), 'Rule'],
    ['Lattice rule', () => lattice(0), 'Rule'],
    ['route', () => appMesh(0), 'Route'],
    ['task definition', () => service(), 'Task'],
    ['service', () => service(), 'Service'],
  ])('%s: a deletion that it cannot follow fails, and can be tried again', async (_, resources, id) => {
    await on.stacks.create('stack', resources());
    on.follower.answer = ({ verb, resource }) =>
      verb === 'delete' && resource.logicalId === id ? { problem: 'still in use' } : undefined;
    const { status, failures } = await on.stacks.delete('stack');
    expect({ status, failures }).toEqual({
      status: 'DELETE_FAILED',
      failures: { [id]: expect.stringContaining('still in use') },
    });

    on.follower.answer = () => undefined;
    expect((await on.stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    expect(on.follower.kept).toEqual({});
    expect(await on.emulator.resources()).toEqual([]);
  });

  test('a change that goes through is taken back when another one fails', async () => {
    await on.stacks.create('stack', { ...loadBalancer(0), ...service({ DesiredCount: 1 }) });
    on.follower.answer = ({ verb, resource }) =>
      verb === 'update' && resource.properties.DesiredCount === 2 ? { problem: 'never healthy' } : undefined;
    const { status } = await on.stacks.update('stack', { ...loadBalancer(10), ...service({ DesiredCount: 2 }) });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(JSON.stringify(on.follower.kept.Rule)).toMatch(/"Weight":100.*"Weight":0/);
    expect(on.follower.kept.Service).toMatchObject({ DesiredCount: 1 });
  });

  test('CloudFormation goes on, and the journal has the event, only when it has answered', async () => {
    const events = async () => (await on.emulator.events()).map(({ verb, logicalId }) => `${verb} ${logicalId}`);
    const goOn = on.follower.waitAt('create Listener');
    const creation = on.stacks.create('stack', loadBalancer(0));
    await on.follower.hasBeenTold('create Listener');
    expect(await on.stacks.status('stack')).toBe('CREATE_IN_PROGRESS');
    expect(await events()).toEqual(['create Balancer']);
    goOn({});
    await creation;
    expect(await events()).toContain('create Listener');
  });

  test('a stack whose service is not stable yet holds up no other stack', async () => {
    const goOn = on.follower.waitAt('create Service');
    const slow = on.stacks.create('slow', service());
    await on.follower.hasBeenTold('create Service');
    const statuses = await Promise.all(
      [loadBalancer, lattice, appMesh].map(
        async (resources, index) => (await on.stacks.create(`stack${index}`, resources(0))).status,
      ),
    );
    expect(statuses).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_COMPLETE']);
    expect(await on.stacks.status('slow')).toBe('CREATE_IN_PROGRESS');
    goOn({});
    expect((await slow).status).toBe('CREATE_COMPLETE');
  });

  test.each<[string, () => Promise<unknown>]>([
    ['stops', () => on.emulator.stop()],
    ['is killed', () => killed(on.emulator)],
  ])('the emulator %s while a handler waits: it ends, and a late answer is no error', async (_, end) => {
    const goOn = on.follower.waitAt('create Service');
    const creation = on.stacks.create('stack', service()).catch(() => undefined);
    await on.follower.hasBeenTold('create Service');
    await end();
    goOn({});
    on.emulator.report({ services: [] });
    await creation;
  });

  test('a load balancer and a Lattice service answer where it says, and go on answering there', async () => {
    const addresses: Record<string, string> = { Balancer: '127.0.0.1:40001', LatticeService: '127.0.0.1:40002' };
    on.follower.answer = ({ resource }) => ({ address: addresses[resource.logicalId] });
    const outputs = {
      LoadBalancer: { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
      Lattice: { 'Fn::GetAtt': ['LatticeService', 'DnsEntry.DomainName'] },
    };
    const expectAddresses = async () => {
      expect(await on.stacks.outputs('stack')).toMatchObject({ LoadBalancer: '127.0.0.1:40001', Lattice: '127.0.0.1:40002' });
      const { LoadBalancers: balancers } = await new ElasticLoadBalancingV2Client(on.emulator.client).send(
        new DescribeLoadBalancersCommand(),
      );
      expect(balancers?.map(({ DNSName }) => DNSName)).toEqual(['127.0.0.1:40001']);
      const { items } = await new VPCLatticeClient(on.emulator.client).send(new ListServicesCommand());
      expect(items?.map(({ dnsEntry }) => dnsEntry?.domainName)).toEqual(['127.0.0.1:40002']);
    };

    await on.stacks.create('stack', { ...loadBalancer(0), ...lattice(0) }, outputs);
    await expectAddresses();
    on.follower.answer = () => undefined;
    const { Balancer, LatticeService, ...others } = { ...loadBalancer(10), ...lattice(10) };
    const changed = {
      ...others,
      Balancer: { ...Balancer, Properties: { Type: 'application', IpAddressType: 'dualstack' } },
      LatticeService: { ...LatticeService, Properties: { AuthType: 'NONE' } },
    } as Resources;
    const { status } = await on.stacks.update('stack', changed, outputs);
    expect(status).toBe('UPDATE_COMPLETE');
    expect(on.follower.told).toEqual(expect.arrayContaining(['update Balancer', 'update LatticeService']));
    await expectAddresses();
  });
});
