import { testReleaseCommandsOn } from './release-commands-on-plane';

testReleaseCommandsOn('lattice');
