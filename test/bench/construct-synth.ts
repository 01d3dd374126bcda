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
import { printRows, sideBySide } from './measure';

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

export function services(stack: Stack, plane: PlaneName, count: number, guard = false): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
    restrictDefaultSecurityGroup: false,
  });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
  const trafficPlane = planes[plane](stack, vpc);
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

/** The synth of several services in one mesh, in this process, against the same resources written by hand on level 1. */
export function benchConstructSynth(rounds: number): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const rows = counts.map((count) => {
      const contestants = {
        ours: () => synth(outdir, (stack) => services(stack, 'app-mesh', count)),
        bare: () => synth(outdir, (stack) => bareServices(stack, count)),
      };
      const [ours, bare] = [contestants.ours(), contestants.bare()].map((types) => JSON.stringify(Object.entries(types).sort()));
      if (ours !== bare) {
        throw new Error(`the contestants do not make the same resources:\n${ours}\n${bare}`);
      }
      return { count, ...sideBySide(contestants, rounds) };
    });
    const [first, last] = [rows[0], rows.at(-1)] as [(typeof rows)[0], (typeof rows)[0]];
    const perService = (key: 'ours' | 'bare') => (last[key] - first[key]) / (last.count - first.count);
    printRows(`synth in one process on app-mesh, median of ${rounds}`, 'the same resources on level 1', [
      ...rows.map(({ count, ours, bare }) => row(`${count} service${count > 1 ? 's' : ''}`, ours, bare)),
      row('each added service', perService('ours'), perService('bare')),
    ]);

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

function row(what: string, ours: number, bare: number) {
  return { what, ours: `${ours.toFixed(1)} ms`, peer: `${bare.toFixed(1)} ms`, ratio: ours / bare, goal: 1.5 };
}
