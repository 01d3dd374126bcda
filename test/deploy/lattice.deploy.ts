import { testReleaseOn } from './release-on-plane';

testReleaseOn('lattice');
