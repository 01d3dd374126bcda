import { testFailuresOn } from './failures-on-plane';
import { testReleaseOn } from './release-on-plane';

testReleaseOn('app-mesh');
testFailuresOn('app-mesh');
