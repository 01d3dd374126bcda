import { App } from 'aws-cdk-lib';
import { BlueGreenStack, readSettings, stackNameOf } from 'ecs-blue-green';
import { FlagsStack } from '../lib/flags-stack';
import { OwnStack } from '../lib/own-stack';

export const app = new App();
const settings = readSettings(app.node.getAllContext(), { otherKeys: ['team'] });
new BlueGreenStack(app, stackNameOf(settings), { settings });
new FlagsStack(app, 'Flags', { settings });
new OwnStack(app, 'Own', { plane: settings.trafficPlane });
