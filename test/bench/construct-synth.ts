import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_ec2 as ec2, aws_ecs as ecs, Stack, aws_servicediscovery as servicediscovery } from 'aws-cdk-lib';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { AppMeshPlane } from '../../lib/traffic/app-mesh-plane';
import { LatticePlane } from '../../lib/traffic/lattice-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import type { TrafficPlane } from '../../lib/traffic/traffic-plane';
import { freshContext } from '../app-template';
import { bareServices } from './bare-services';
import { printRows, type Row, sideBySide } from './measure';
import { patternServices } from './pattern-services';

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');
const sidecar = { image, cpu: 32, memoryReservationMiB: 64 };
const featureFlags = Object.fromEntries(Object.entries(freshContext).filter(([key]) => key.startsWith('@aws-cdk')));

const planes: Readonly<Record<PlaneName, (stack: Stack, vpc: ec2.IVpc) => TrafficPlane>> = {
  'app-mesh': (stack, vpc) =>
    new AppMeshPlane(stack, 'Plane', {
      namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc }),
      envoy: sidecar,
      xray: sidecar,
    }),
  'load-balancer': (stack, vpc) => new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: true }),
  lattice: (stack, vpc) => new LatticePlane(stack, 'Plane', { vpc }),
};

function clusterOf(stack: Stack): ecs.Cluster {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
    restrictDefaultSecurityGroup: false,
  });
  return new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
}

export function services(stack: Stack, plane: PlaneName, count: number, guard = false): void {
  const cluster = clusterOf(stack);
  const trafficPlane = planes[plane](stack, cluster.vpc);
  for (let index = 0; index < count; index += 1) {
    new BlueGreenService(stack, `Service${index}`, {
      cluster,
      trafficPlane,
      serviceName: `service-${index}`,
      pathPrefix: `/service-${index}`,
      assignPublicIp: true,
      slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
      guard,
    });
  }
}

/** The types of a synthesized stack, each with how often it stands there. */
export function synth(outdir: string, make: (stack: Stack) => void): Record<string, number> {
  // 50 services have more resources than CloudFormation takes in one stack; the time to make them is measured all the same.
  const context = { ...featureFlags, '@aws-cdk/core:stackResourceLimit': 0 };
  const app = new App({ outdir, context, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Stack', { suppressTemplateIndentation: true });
  make(stack);
  const resources: { Type: string }[] = Object.values(app.synth().getStackByName('Stack').template.Resources);
  const count: Record<string, number> = {};
  for (const { Type } of resources) {
    count[Type] = (count[Type] ?? 0) + 1;
  }
  return count;
}

const counts = [1, 10, 50];

/**
 * The synth of several services in this process: in one mesh against the same resources written by hand on level 1, and behind one load
 * balancer, guarded, against the CDK's own patterns.
 */
export function benchConstructSynth(rounds: number): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    for (const count of counts) {
      sameResources(
        synth(outdir, (stack) => services(stack, 'app-mesh', count)),
        synth(outdir, (stack) => bareServices(stack, count)),
      );
    }
    printRows(
      `synth in one process on app-mesh, median of ${rounds}`,
      'the same resources on level 1',
      ratios(1.5, rounds, (count) => ({
        ours: () => synth(outdir, (stack) => services(stack, 'app-mesh', count)),
        peer: () => synth(outdir, (stack) => bareServices(stack, count)),
      })),
    );
    printRows(
      `synth in one process on load-balancer with the guard, median of ${rounds}`,
      'two ApplicationLoadBalancedFargateService for each',
      ratios(0.7, rounds, (count) => ({
        ours: () => synth(outdir, (stack) => services(stack, 'load-balancer', count, true)),
        peer: () => synth(outdir, (stack) => patternServices(stack, clusterOf(stack), image, count)),
      })),
    );

    console.log(`\nsynth in one process, median of ${rounds}, milliseconds`);
    console.table(
      planeNames.map((plane) => {
        const times = sideBySide(
          Object.fromEntries(counts.map((count) => [`${count}`, () => synth(outdir, (stack) => services(stack, plane, count))])),
          rounds,
        );
        const added = ((times['50'] ?? 0) - (times['1'] ?? 0)) / 49;
        return {
          plane,
          '1 service': times['1']?.toFixed(0),
          '10 services': times['10']?.toFixed(0),
          '50 services': times['50']?.toFixed(0),
          'each added': added.toFixed(1),
        };
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function sameResources(...[ours, bare]: readonly [Record<string, number>, Record<string, number>]): void {
  const [one, other] = [ours, bare].map((types) => JSON.stringify(Object.entries(types).sort()));
  if (one !== other) {
    throw new Error(`the contestants do not make the same resources:\n${one}\n${other}`);
  }
}

/** For each number of services, and for each service that is added. */
function ratios(goal: number, rounds: number, contestants: (count: number) => Record<'ours' | 'peer', () => void>): Row[] {
  const rows = counts.map((count) => ({ count, ...sideBySide(contestants(count), rounds) }));
  const [first, last] = [rows[0], rows.at(-1)] as [(typeof rows)[0], (typeof rows)[0]];
  const perService = (key: 'ours' | 'peer') => (last[key] - first[key]) / (last.count - first.count);
  const row = (what: string, ours: number, peer: number) => ({
    what,
    ours: `${ours.toFixed(1)} ms`,
    peer: `${peer.toFixed(1)} ms`,
    ratio: ours / peer,
    goal,
  });
  return [
    ...rows.map(({ count, ours, peer }) => row(`${count} service${count > 1 ? 's' : ''}`, ours, peer)),
    row('each added service', perService('ours'), perService('peer')),
  ];
}
