import { testFailuresOn } from './failures-on-plane';
import { testReleaseOn } from './release-on-plane';

testReleaseOn('load-balancer');
testFailuresOn('load-balancer');
