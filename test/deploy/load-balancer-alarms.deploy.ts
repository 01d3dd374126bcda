import { testAlarmsOn } from './alarms-on-plane';

testAlarmsOn('load-balancer');
