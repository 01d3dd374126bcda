import { testReleaseCommandsOn } from './release-commands-on-plane';

testReleaseCommandsOn('app-mesh');
