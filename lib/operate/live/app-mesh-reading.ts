import { DescribeRouteCommand } from '@aws-sdk/client-app-mesh';
import { idsIn } from './ids-in';
import type { PlaneReading } from './plane-reading';

/** App Mesh: one route with weighted virtual nodes. Their Envoys check the tasks, and tell nobody. */
export const appMeshReading: PlaneReading = {
  async weights({ appMesh }, route) {
    const ids = idsIn(route);
    const { route: found } = await appMesh.send(
      new DescribeRouteCommand({
        meshName: ids.get('mesh'),
        virtualRouterName: ids.get('virtualRouter'),
        routeName: ids.get('route'),
      }),
    );
    return (found?.spec?.httpRoute?.action?.weightedTargets ?? []).map(({ virtualNode: target = '', weight = 0 }) => ({
      target,
      weight,
    }));
  },
};
