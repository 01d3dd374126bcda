import { cdkCommand, deployCommand, releaseCommand } from '../../lib/operate/typed-command';

const asked = { folder: '.', context: { appName: 'it is b' }, stage: undefined, stackName: 'b-blue-green' };
const named = { ...asked, context: {}, isStackNamed: true };
const state = { blue: { active: true, weight: 1 }, green: { active: true, weight: 0 } };

test.each([
  [releaseCommand(asked, 'status', '--watch'), "npm run release -- status --watch -c 'appName=it is b'"],
  [releaseCommand(named, 'rollback'), 'npm run release -- rollback --stack b-blue-green'],
  [cdkCommand(asked, 'deploy', '--revert-drift'), "npx cdk deploy --revert-drift -c 'appName=it is b'"],
  [
    deployCommand(named, state),
    'npx cdk deploy b-blue-green -c blueActive=true -c blueWeight=1 -c greenActive=true -c greenWeight=0',
  ],
])('a command is of the service that was asked for: %s', (command, expected) => expect(command).toBe(expected));
