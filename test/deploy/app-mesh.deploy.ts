import { testReleaseOn } from './release-on-plane';

testReleaseOn('app-mesh');
