import { Emulator } from '../../../lib/local/emulator/emulator';
import { appMesh, lattice, loadBalancer } from './followed-resources';
import { RecordingFollower } from './recording-follower';
import { type Resources, Stacks } from './stacks';

describe('whoever follows the emulator', () => {
  let emulator: Emulator;
  let stacks: Stacks;
  let follower: RecordingFollower;

  beforeEach(async () => {
    follower = new RecordingFollower();
    emulator = await Emulator.start(follower);
    stacks = new Stacks(emulator);
  });

  afterEach(async () => {
    await emulator?.stop();
    expect(emulator?.complaints).not.toContain('Traceback');
  });

  /** What is followed of a template, each after what it refers to. */
  const planes: [string, (weight: number) => Resources, string, string[]][] = [
    ['load balancer', loadBalancer, 'Rule', ['Balancer', 'Listener', 'Blue', 'Green', 'Rule', 'Unused']],
    ['Lattice', lattice, 'Rule', ['LatticeService', 'Listener', 'Blue', 'Green', 'Rule', 'Unused']],
    ['App Mesh', appMesh, 'Route', ['Mesh', 'Blue', 'Gateway', 'Green', 'Router', 'Route', 'MeshService', 'GatewayRoute']],
  ];

  test.each(planes)('%s: is told of each resource when it is made, changed and deleted', async (_, resources, route, ids) => {
    const { status, refs } = await stacks.create('stack', resources(0));
    expect(status).toBe('CREATE_COMPLETE');
    expect(follower.told).toEqual(ids.map((id) => `create ${id}`));
    for (const { resource } of follower.changes) {
      expect(resource).toMatchObject({ stack: 'stack', type: resources(0)[resource.logicalId]?.Type });
      expect(resource.physicalId).toBe(refs[resource.logicalId]);
      expect(JSON.stringify(resource.properties)).not.toMatch(/"Ref"|"Fn::/);
    }

    expect((await stacks.update('stack', resources(10))).status).toBe('UPDATE_COMPLETE');
    expect(follower.told.slice(ids.length)).toEqual([`update ${route}`]);
    const { verb, resource } = follower.changes.at(-1) as (typeof follower.changes)[number];
    expect([verb, resource.physicalId]).toEqual(['update', refs[route]]);
    expect(JSON.stringify(resource.properties)).toMatch(/"Weight":90.*"Weight":10/);

    expect((await stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    expect(follower.told.slice(ids.length + 1).sort()).toEqual(ids.map((id) => `delete ${id}`).sort());
    expect([...follower.resources]).toEqual([]);
  });
});
