import { testReleaseOn } from './release-on-plane';

testReleaseOn('load-balancer');
