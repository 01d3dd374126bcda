import { testReleaseCommandsOn } from './release-commands-on-plane';

testReleaseCommandsOn('load-balancer');
